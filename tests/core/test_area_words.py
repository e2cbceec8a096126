"""Layer L2: words on changed lines of code. Pairs of changes that must and must not ask for a sign-off."""

from __future__ import annotations

import time

import pytest

from gate.config.globs import compile_glob
from gate.core.area import build_areas, classify_all
from gate.core.policy import AreaPolicy
from tests.core.test_threats_factories import change_of, changed, shipped_areas, shipped_documents

SENSITIVE = {"auth", "authz", "crypto", "data"}


def read(path: str, old: str | None, new: str | None, *, wide: bool = False, areas=None):
    """Classify one changed file whose both sides are known."""
    file = changed(path, old, new)
    contents = {
        blob: text.encode("utf-8", "surrogateescape")
        for blob, text in ((file.old_blob, old), (file.new_blob, new))
        if text is not None
    }
    return classify_all(change_of(file), areas or shipped_areas(), wide=wide, contents=contents)


def areas(path: str, old: str | None, new: str | None, **options) -> set[str]:
    return {touch.area for touch in read(path, old, new, **options).touches}


PY = "def view(request, note):\n    page = 1\n{}    return page\n"
JS = "export function view(req, note) {\n  let page = 1;\n{}  return page;\n}\n"
GO = "package web\n\nfunc View(w Writer, note Note) int {\n\tpage := 1\n{}\treturn page\n}\n"


def added(path: str, line: str, **options) -> set[str]:
    """The areas of a change that only adds one line of code to a function without a telling name."""
    form = {"py": PY, "js": JS, "ts": JS, "go": GO}[path.rpartition(".")[2]]
    return areas(path, form.replace("{}", ""), form.replace("{}", line), **options)


@pytest.mark.parametrize(
    ("path", "line", "area"),
    [
        ("shop/a.py", "    page = check_password(note, page)\n", "auth"),
        ("shop/a.py", "    response.set_cookie('x', page)\n", "auth"),
        ("shop/a.py", "    token = jwt.decode(page)\n", "auth"),
        ("shop/a.js", "  res.setHeader('Set-Cookie', page);\n", "auth"),
        ("shop/a.js", "  const value = req.headers['x-csrf-token'];\n", "auth"),
        ("shop/a.go", '\tw.Header().Get("Authorization")\n', "auth"),
        ("shop/a.py", "    session.expires = page\n", "auth"),
        ("shop/a.py", "    if not request.user.is_admin:\n        return None\n", "authz"),
        ("shop/a.js", "  if (!canEdit(req.user)) return null;\n", "authz"),
        ("shop/a.go", "\tif !user.HasPermission(note) {\n\t\treturn 0\n\t}\n", "authz"),
        ("shop/a.py", "    raise PermissionDenied\n", "authz"),
        ("shop/a.py", "    key = hmac.new(page, digestmod=sha256)\n", "crypto"),
        ("shop/a.js", "  const hash = createHash('sha256').update(password);\n", "crypto"),
        ("shop/a.go", "\tconfig := tls.Config{InsecureSkipVerify: true}\n", "crypto"),
        ("shop/a.py", "    same = compare_digest(page, note)\n", "crypto"),
        ("shop/a.py", "    User.objects.filter(id=page).delete()\n", "data"),
        ("shop/a.py", "    anonymize_customer(page)\n", "data"),
        ("shop/a.js", "  await purgeAccount(page);\n", "data"),
        ("shop/a.go", '\tdb.Exec("DELETE FROM users WHERE id = $1", page)\n', "data"),
        ("shop/a.js", "  logger.info(`reached ${user.email}`);\n", "data"),
        ("shop/a.py", "    user.deleted_at = None\n", "data"),
    ],
)
def test_a_line_that_speaks_of_an_area_touches_it(path, line, area):
    assert area in added(path, line)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("shop/a.py", "    cache_key = hashlib.sha256(page).hexdigest()\n"),
        ("shop/a.py", "    etag = md5(page).hexdigest()\n"),
        ("shop/a.js", "  const hash = createHash('sha1').update(file).digest();\n"),
        ("shop/a.js", '  const item = <li role="menuitem" aria-label="Password">{page}</li>;\n'),
        ("shop/a.js", "  screen.getByRole('button');\n"),
        ("shop/a.py", "    note.author = page\n"),
        ("shop/a.py", "    role = device.role\n"),
        ("shop/a.js", "  const token = lexer.nextToken();\n"),
        ("shop/a.js", "  const color = tokens.color.primary;\n"),
        ("shop/a.py", "    session = Session(engine)\n"),
        ("shop/a.py", "    sessions = count_sessions(page, browser)\n"),
        ("shop/a.py", "    signature = inspect.signature(view)\n"),
        ("shop/a.py", "    policy = RetryPolicy(page)\n"),
        ("shop/a.py", "    print('Forgot your password?')\n"),
        ("shop/a.py", "    # the password is checked elsewhere\n"),
        ("shop/a.js", "  showMessage('Your session token has expired');\n"),
        ("shop/a.js", "  // login comes later\n"),
        ("shop/a.ts", "  private readonly page = 1;\n"),
        ("shop/a.ts", "  element.removeEventListener('x', page);\n"),
        ("shop/a.go", "\tclearMessages(page)\n"),
        ("shop/a.py", "    certificate = render_diploma(page)\n"),
        ("shop/a.py", "    max_tokens = page\n"),
    ],
)
def test_words_of_other_domains_and_what_people_read_touch_nothing(path, line):
    assert added(path, line) & SENSITIVE == set()


def test_a_removed_check_is_as_sensitive_as_an_added_one():
    before = PY.replace("{}", "    require_permission(request.user)\n")
    (touch,) = read("shop/a.py", before, PY.replace("{}", "")).touches
    assert (touch.area, touch.layer, touch.side, touch.line) == ("authz", "L2", "old", 3)
    assert touch.text == "require_permission(request.user)"


def test_what_a_definition_is_called_speaks_for_its_lines():
    before = "def reset_password(user):\n    limit = 5\n    return limit\n"
    touches = read("shop/a.py", before, before.replace("5", "50")).touches
    assert {(t.area, t.line, t.rule) for t in touches} == {("auth", 2, "L2.password")}
    assert (
        areas(
            "shop/a.py",
            before.replace("reset_password", "show"),
            before.replace("reset_password", "show").replace("5", "50"),
        )
        == set()
    )


def test_a_definition_ends_where_the_indentation_does():
    text = "def login(\n    user,\n):\n    return user\n\n\ndef show(user):\n    return {}\n"
    assert areas("shop/a.py", text.replace("{}", "1"), text.replace("{}", "2")) == set()
    assert areas("shop/a.py", text.replace("return user\n", "return 1\n", 1), text) == {"auth"}


def test_an_imported_name_is_no_evidence_before_it_is_used():
    before = "import os\n\n\ndef show():\n    return 1\n"
    assert areas("shop/a.py", before, "from app.auth import login_required\n" + before) == set()


def test_a_condition_added_to_a_query_is_sensitive_and_a_new_query_is_not_by_itself():
    query = "def notes(request):\n    return (\n        Note.objects\n        .filter(kind=1)\n{}    )\n"
    scoped = query.replace("{}", "        .filter(owner=request.user)\n")
    assert "authz" in areas("shop/a.py", query.replace("{}", ""), scoped)
    assert "authz" in areas("shop/a.py", scoped, query.replace("{}", ""))
    where = "export const f = (db) => db.note.findMany({\n  where: {\n{}    kind: 1,\n  },\n});\n"
    assert "authz" in areas(
        "a.ts", where.replace("{}", ""), where.replace("{}", "    organisationId: team.organisationId,\n")
    )
    sql = "q := `SELECT * FROM note WHERE id = $1{}`\n"
    assert "authz" in areas("a.go", sql.replace("{}", ""), sql.replace("{}", " AND user_id = $2"))


def test_a_weak_word_counts_with_a_partner_or_when_areas_are_wide():
    line = "    token = note.token\n"
    assert added("shop/a.py", line) == set()
    assert added("shop/a.py", line, wide=True) >= {"auth"}
    assert added("shop/a.py", "    token = user.token_expires\n") == {"auth"}


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("a.html", "<p>Old</p>\n", "<p>Forgot your password? Log in.</p>\n", set()),
        ("a.html", "<p>Old</p>\n", "{% if user.is_admin %}<p>Old</p>{% endif %}\n", {"authz"}),
        ("a.html", "<form></form>\n", "<form>{% csrf_token %}</form>\n", {"auth"}),
        ("a.vue", "<template>\n<p>Login</p>\n</template>\n", '<template>\n<p v-if="canEdit">Login</p>\n</template>\n', {"authz"}),
        ("a.vue", "<script>\nlet a = 1\n</script>\n", "<script>\nlet a = checkPassword(b)\n</script>\n", {"auth"}),
        ("a.erb", "<p>x</p>\n", "<p><%= current_user.access_token %></p>\n", {"auth"}),
        ("a.svelte", "{#if open}\n<p>x</p>\n{/if}\n", "{#if isAdmin}\n<p>x</p>\n{/if}\n", {"authz"}),
        ("conf.yml", "title: x\n", "title: How to reset your password\n", set()),
        ("conf.yml", "title: x\n", "title: x\nsession_cookie_secure: false\n", {"auth"}),
        (".env.example", "A=1\n", "A=1\nJWT_LIFETIME=60\n", {"auth"}),
        ("conf.json", '{"a": 1}\n', '{"a": 1, "hint": "your password"}\n', set()),
        ("a.sql", "select 1;\n", "GRANT ALL ON note TO app;\n", {"authz"}),
        ("lang/uk_UA.js", "x\n", "login: password\n", set()),
        ("a.md", "x\n", "password\n", set()),
    ],
)  # fmt: skip
def test_each_kind_of_file_is_read_in_its_own_way(path, old, new, expected):
    assert areas(path, old, new) & SENSITIVE == expected


def test_a_migration_is_sensitive_when_it_is_about_people():
    head = "class Migration(migrations.Migration):\n    operations = [\n{}    ]\n"
    plain = head.replace("{}", '        migrations.AddField("note", "order", models.IntegerField()),\n')
    person = head.replace("{}", "        migrations.RemoveField(customer, email),\n")
    assert areas("shop/migrations/0002_order.py", None, plain) == set()
    assert "data" in areas("shop/migrations/0003_mail.py", None, person)


def test_a_team_adds_words_that_count_in_code_and_takes_none_away():
    own = build_areas(shipped_documents(), compile_glob, {"money": AreaPolicy(words=("invoice", "refund*"))})
    assert added("shop/a.py", "    refunded = send_invoice(page)\n", areas=own) == {"money"}
    assert added("shop/a.py", "    page = check_password(note)\n", areas=own) == {"auth"}


def test_hostile_text_takes_linear_time():
    pieces = (
        "<a ", '<a "', "<!--", "{{", "<%--", "=", "a.b", "'", "`", " ", "x = [", "\n", "a-", "export {", "password", "/*",
    )  # fmt: skip
    start = time.process_time()
    for piece in pieces:
        for path in ("a.html", "a.tsx", "a.py", "a.yml", "a.php", "a.go", "a.json"):
            read(path, "x\n", "const " + piece * (60_000 // len(piece)) + "\n")
    assert time.process_time() - start < 60  # 3 seconds on an idle machine


def test_fifty_files_take_less_than_a_second():
    body = "".join(
        f"def handler_{n}(request, user):\n    return render(request, user.name, {n})\n\n\n"
        for n in range(150)
    )
    files = [changed(f"src/m{n}.py", body, body.replace("user.name", "user.title")) for n in range(50)]
    contents = {
        b: t.encode()
        for f in files
        for b, t in ((f.old_blob, body), (f.new_blob, body.replace("user.name", "user.title")))
    }
    start = time.process_time()
    classify_all(change_of(*files), shipped_areas(), wide=False, contents=contents)
    assert time.process_time() - start < 5  # 0.5 seconds on an idle machine


@pytest.mark.parametrize(
    ("path", "line", "hidden"),
    [
        ("conf.yml", 'password: "correct horse"', "horse"),
        ("conf.yml", "password: correct horse", "horse"),
        (".env", "JWT_SECRET=correcthorse", "horse"),
        ("a.py", "password = 'correct horse'", "horse"),
        ("a.py", 'password = """correct horse', "horse"),
        ("a.js", "login(`correct horse`, password)", "horse"),
        ("a.go", 'token := "correct" + password', "correct"),
    ],
)
def test_evidence_never_shows_what_could_be_a_secret(path, line, hidden):
    touches = read(path, "x\n", line + "\n").touches
    assert touches
    assert not any(hidden in touch.text for touch in touches)
    assert any("password" in t.text.lower() or "SECRET" in t.text for t in touches)


def test_evidence_shows_the_line_where_nothing_is_secret():
    (touch,) = read("conf.yml", "a: 1\n", "session_cookie_secure: false\n").touches
    assert touch.text == "session_cookie_secure: false"


@pytest.mark.parametrize(
    ("path", "old", "new", "found"),
    [
        # what is left out for somebody, and what an unseen history was missed for
        ("a.cs", "var a = items.Count();\n", "var a = items.Where(i => i.IsVisible(user)).Count();\n", {"authz"}),
        ("a.rs", "let a = b;\n", "let a = b && !self.has_full_access();\n", {"authz"}),
        ("a.php", "<?php\n$x = 1;\n", "<?php\n$x = 1;\n$this->preventGuestAccess();\n", {"authz"}),
        # templates of code are code, by the name that remains
        ("app/page.js.erb", "let a = 1;\n", "let a = 1;\nh.append('X-CSRF-Token', csrfToken);\n", {"auth"}),
        ("conf/site.conf.j2", "a = 1\n", "a = 1\nverify_ssl = {{ no }}\n", {"crypto"}),
        ("views/a.blade.php", "<p>a</p>\n", "<p>a</p>\n@if (auth()->user()->isAdmin())\n", {"auth", "authz"}),
        ("views/a.blade.php", "<p>a</p>\n", "<p>a password for your login</p>\n", set()),
        # a weak word in the name around a line, and its partner in the line
        ("a.rs", "async fn send_invite(\n    a: A,\n) -> R {\n    b();\n}\n", "async fn send_invite(\n    a: A,\n) -> R {\n    b();\n    group.add(user);\n}\n", {"auth"}),
        # a member that is read is no query
        ("A.java", "class A {\n  void f() {\n    g();\n  }\n}\n", "class A {\n  void f() {\n    g(ctx.getTenantId());\n  }\n}\n", set()),
        ("a.py", "def f():\n    a = B.get(1)\n", "def f():\n    a = B.get(tenant_id=1)\n", {"authz"}),
        # products are deleted, too
        ("a.cs", "var q = products;\n", "var q = products.Where(x => !x.IsDeleted);\n", set()),
        ("a.cs", "var q = users;\n", "var q = users.Where(x => !x.IsDeleted);\n", {"data"}),
        # sentences in lists are no settings
        ("a.yml", "a:\n  - b\n", "a:\n  - b\n  - 'The password of ''Jim'' is easy to guess'\n", set()),
        ("a.yml", "a:\n  - b\n", "a:\n  - b\n  - --allow-anonymous\n", {"authz"}),
    ],
)  # fmt: skip
def test_what_unseen_histories_taught(path, old, new, found):
    assert areas(path, old, new) == found


@pytest.mark.parametrize("line", ['<div role="alert" class="x">', "<p>Sign in</p>", "<!-- password -->"])
def test_the_layout_of_a_page_asks_for_nobody(line):
    found = read("views/login.html", "<p>a</p>\n", f"<p>a</p>\n{line}\n")
    assert not found.touches
    assert {one.reason for one in found.context} == {"format"}


@pytest.mark.parametrize(
    "line",
    [
        '<form action="https://a.example">',
        '<script src="https://a.example/x.js"></script>',
        '<img src="https://a.example/x" class="x">',
        '<p onclick="steal()">',
        '<input type="password">',
        '<a href="/x">a</a>',
        "{{ user.password }}",
    ],
)
def test_what_a_page_does_asks_where_its_path_is_sensitive(line):
    assert "auth" in areas("views/login.html", "<p>a</p>\n", f"<p>a</p>\n{line}\n")


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("app/views/login/twofa.html.erb", '<%= f.text_field "code",\n  :pattern => "[0-9]" %>\n', '<%= f.text_field "code",\n  :pattern => "[0-9]+" %>\n'),
        ("views/password.html.erb", '<%= f.hidden_field "token" %>\n', '<%= f.hidden_field "reset_token" %>\n'),
        ("templates/login.html", "<p>a</p>\n{% if x == 'a' %}\n", "<p>a</p>\n{% if x == 'b' %}\n"),
        ("auth/app.js.erb", "let a = 1;\n", "let a = 2;\n"),
    ],
)  # fmt: skip
def test_a_string_in_the_code_of_a_page_is_no_layout(path, old, new):
    assert "auth" in areas(path, old, new)
