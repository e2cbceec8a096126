"""What a change takes away: protections that stood at the base, judged on real repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gate.core.policy import Policy
from gate.git import Repository
from gate.pipeline.checks import run_checks
from tests.support.repos import Repo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VIEW = """\
from django.contrib.auth.decorators import login_required


@login_required
def export(request):
    rows = all_rows(request)
    return render(rows)


def index(request):
    return render([])
"""
ROUTES = """\
const router = express.Router();
router.get('/users', requireAuth, listUsers);
router.post('/login', login);
"""
CONDITION = """\
def delete(request, pk):
    item = load(pk)
    if not request.user.has_perm("shop.delete"):
        return HttpResponse(status=403)
    item.delete()
    return done()
"""
JAVA = """\
public class AdminController {
    @PreAuthorize("hasRole('ADMIN')")
    @GetMapping("/admin/report")
    public Report report(long id) {
        return service.load(id);
    }
}
"""
TESTS = """\
def test_export_lists_rows(client):
    assert client.get("/export").ok


def test_export_requires_login(client):
    assert client.get("/export").status_code == 302
"""


def found(
    tmp_path: Path, base: Mapping[str, str], head: Mapping[str, str | None]
) -> list[tuple[str, str, int]]:
    repo = Repo(tmp_path / "r")
    first = repo.commit(dict(base))
    second = repo.commit(dict(head))
    with Repository.open(repo.path) as opened:
        run = run_checks(opened, opened.change(first, second), Policy())
    assert run.head.status.value == "completed"
    return [
        (s.rule_id.removeprefix("gate."), s.path, s.range.start_line)
        for s in run.head.sightings
        if not s.rule_id.startswith("gate.dependency")
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "rule", "line"),
    [
        ("views.py", VIEW, VIEW.replace("@login_required\n", ""), "guard-removed", 4),
        ("routes.js", ROUTES, ROUTES.replace("requireAuth, ", ""), "guard-removed", 2),
        (
            "views.py",
            CONDITION,
            "".join(CONDITION.splitlines(keepends=True)[:2] + CONDITION.splitlines(keepends=True)[4:]),
            "guard-removed",
            1,
        ),
        (
            "views.py",
            CONDITION.replace(
                'if not request.user.has_perm("shop.delete"):',
                "if not has_perms_owner_aware(\n        request.user,\n        item,\n    ):",
            ),
            "".join(CONDITION.splitlines(keepends=True)[:2] + CONDITION.splitlines(keepends=True)[4:]),
            "guard-removed",
            1,
        ),
        (
            "Admin.java",
            JAVA,
            JAVA.replace("    @PreAuthorize(\"hasRole('ADMIN')\")\n", ""),
            "guard-removed",
            3,
        ),
        (
            "views.py",
            "class Rows(LoginRequiredMixin, ListView):\n    model = Row\n",
            "class Rows(ListView):\n    model = Row\n",
            "guard-removed",
            1,
        ),
        (
            "api.py",
            "class Rows(ModelViewSet):\n    permission_classes = [IsAuthenticated]\n    model = Row\n",
            "class Rows(ModelViewSet):\n    permission_classes = [AllowAny]\n    model = Row\n",
            "guard-removed",
            2,
        ),
        (
            "main.py",
            "@app.get('/rows')\ndef rows(user=Depends(get_current_user)):\n    return load()\n",
            "@app.get('/rows')\ndef rows():\n    return load()\n",
            "guard-removed",
            2,
        ),
        (
            "Security.java",
            'class S {\n  void f() {\n    http.requestMatchers("/api/**").authenticated();\n  }\n}\n',
            'class S {\n  void f() {\n    http.requestMatchers("/api/**").permitAll();\n  }\n}\n',
            "guard-removed",
            3,
        ),
        (
            "settings.py",
            "MIDDLEWARE = [\n    'a.SessionMiddleware',\n    'django.middleware.csrf.CsrfViewMiddleware',\n    'b.Other',\n]\n",
            "MIDDLEWARE = [\n    'a.SessionMiddleware',\n    'b.Other',\n]\n",
            "protection-removed",
            2,
        ),
        (
            "app.js",
            "app.use(json());\napp.use(helmet());\napp.listen(1);\n",
            "app.use(json());\napp.listen(1);\n",
            "protection-removed",
            1,
        ),
        (
            "form.html",
            '<form method="post">\n{% csrf_token %}\n<input name="a">\n</form>\n',
            '<form method="post">\n<input name="a">\n</form>\n',
            "protection-removed",
            1,
        ),
        (
            "client.yml",
            "url: https://x\nssl_verify: true\n",
            "url: https://x\nssl_verify: false\n",
            "protection-off",
            2,
        ),
        (
            "agent.js",
            "const a = { rejectUnauthorized: true };\n",
            "const a = { rejectUnauthorized: false };\n",
            "protection-off",
            1,
        ),
        (
            "conf.go",
            "c := Config{InsecureSkipVerify: false}\n",
            "c := Config{InsecureSkipVerify: true}\n",
            "protection-off",
            1,
        ),
        ("main.tf", "  publicly_accessible = false\n", "  publicly_accessible = true\n", "protection-off", 1),
        (
            "settings.py",
            "SESSION_COOKIE_SECURE = True\n",
            "SESSION_COOKIE_SECURE = False\n",
            "protection-off",
            1,
        ),
        (
            "settings.py",
            'ALLOWED_HOSTS = ["shop.example"]\n',
            'ALLOWED_HOSTS = ["*"]\n',
            "origin-opened",
            1,
        ),
        (
            "sg.tf",
            '  cidr_blocks = ["10.0.0.0/8"]\n',
            '  cidr_blocks = ["0.0.0.0/0"]\n',
            "origin-opened",
            1,
        ),
        (
            "tests/test_export.py",
            TESTS,
            TESTS[: TESTS.index("\n\ndef test_export_requires")],
            "security-test-removed",
            2,
        ),
        (
            "tests/test_export.py",
            TESTS,
            TESTS.replace("def test_export_requires", "@pytest.mark.skip\ndef test_export_requires"),
            "security-test-skipped",
            5,
        ),
        (
            "main.go",
            "package a\n\nfunc f() {\n\tg()\n}\n",
            "package a\n\nfunc f() {\n\tg() // #nosec G104\n}\n",
            "suppression-of-others",
            4,
        ),
        ("a.tf", "x = 1\n", "# checkov:skip=CKV_AWS_20\nx = 1\n", "suppression-of-others", 1),
    ],
)
def test_a_protection_that_goes_is_a_finding(
    tmp_path: Path, path: str, old: str, new: str, rule: str, line: int
) -> None:
    (seen,) = found(tmp_path, {path: old}, {path: new})
    assert seen == (rule, path, line)


@pytest.mark.parametrize(
    ("base", "head"),
    [
        pytest.param({"v.py": VIEW}, {"v.py": None, "shop/v.py": VIEW}, id="file moved"),
        pytest.param({"v.py": VIEW}, {"v.py": None}, id="file deleted"),
        pytest.param(
            {"v.py": VIEW},
            {"v.py": VIEW.replace("@login_required", '@permission_required("x")')},
            id="other guard",
        ),
        pytest.param(
            {"v.py": VIEW},
            {
                "v.py": VIEW.replace("@login_required\n", "").replace(
                    "    rows =", "    ensure_access(request)\n    rows ="
                )
            },
            id="check in the body instead",
        ),
        pytest.param(
            {"v.py": VIEW},
            {"v.py": VIEW.replace(VIEW[VIEW.index("@login") : VIEW.index("def index")], "")},
            id="function removed with its guard",
        ),
        pytest.param(
            {"v.py": VIEW},
            {"v.py": VIEW.replace("@login_required\ndef export", "@login_required\ndef export_rows")},
            id="function renamed",
        ),
        pytest.param(
            {"v.py": VIEW},
            {
                "v.py": VIEW[VIEW.index("def index") :]
                + "\n\n"
                + VIEW[VIEW.index("@login") : VIEW.index("def index")]
            },
            id="functions exchanged",
        ),
        pytest.param(
            {"r.js": ROUTES},
            {
                "r.js": ROUTES.replace("requireAuth, ", "").replace(
                    "Router();", "Router();\nrouter.use(requireAuth);"
                )
            },
            id="guard of the whole router instead",
        ),
        pytest.param(
            {"r.js": ROUTES},
            {"r.js": ROUTES.replace("router.get('/users', requireAuth, listUsers);\n", "")},
            id="route removed",
        ),
        pytest.param(
            {"r.js": ROUTES},
            {"r.js": ROUTES.replace("requireAuth, listUsers", "requireAuth,\n  listUsers,\n")},
            id="formatted",
        ),
        pytest.param({"c.yml": "ssl_verify: false\n"}, {"c.yml": "ssl_verify: true\n"}, id="switched on"),
        pytest.param({"c.yml": "a: 1\n"}, {"c.yml": "a: 1\nssl_verify: false\n"}, id="was never on"),
        pytest.param({"c.yml": "ssl_verify: true\na: 1\n"}, {"c.yml": "a: 1\n"}, id="back to the default"),
        pytest.param(
            {"tests/conf.yml": "ssl_verify: true\n"},
            {"tests/conf.yml": "ssl_verify: false\n"},
            id="of a test",
        ),
        pytest.param(
            {"tests/test_a.py": TESTS}, {"tests/test_a.py": None, "tests/b/test_a.py": TESTS}, id="test moved"
        ),
        pytest.param(
            {"tests/test_a.py": TESTS},
            {
                "tests/test_a.py": TESTS.replace(
                    "test_export_requires_login", "test_anonymous_export_is_forbidden"
                )
            },
            id="test renamed",
        ),
        pytest.param(
            {"tests/test_a.py": TESTS, "a.py": "def export():\n    return 1\n"},
            {"tests/test_a.py": None, "a.py": None},
            id="test deleted with what it tests",
        ),
        pytest.param(
            {"settings.py": "M = [\n    'django.middleware.csrf.CsrfViewMiddleware',\n]\n"},
            {
                "settings.py": "M = BASE\n",
                "base.py": "BASE = [\n    'django.middleware.csrf.CsrfViewMiddleware',\n]\n",
            },
            id="middleware moved",
        ),
        pytest.param({"a.md": "@login_required\n"}, {"a.md": "text\n"}, id="prose"),
        pytest.param(
            {"a.go": "package a\n\nfunc f() {\n\tg() // #nosec G104\n}\n"},
            {"a.go": "package a\n\nfunc f() {\n\tif x {\n\t\tg() // #nosec G104\n\t}\n}\n"},
            id="comment indented",
        ),
    ],
)
def test_a_refactoring_is_none(
    tmp_path: Path, base: Mapping[str, str], head: Mapping[str, str | None]
) -> None:
    assert found(tmp_path, base, head) == []
