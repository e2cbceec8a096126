"""Layer L2 in languages that no area rule reads: what frameworks of C#, Ruby, PHP, Kotlin and Rust decide by."""

from __future__ import annotations

import pytest

from tests.core.test_area_words import areas

#: A file of each language, and where a line is added to it.
FILES = {
    "a.cs": "class A {\n    int Page() {\n{}        return 1;\n    }\n}\n",
    "a.rb": "class A\n  def page\n{}    1\n  end\nend\n",
    "a.php": "<?php\nclass A {\n    function page() {\n{}        return 1;\n    }\n}\n",
    "a.kt": "class A {\n    fun page(): Int {\n{}        return 1\n    }\n}\n",
    "a.rs": "impl A {\n    fn page(&self) -> i32 {\n{}        1\n    }\n}\n",
}
LINES = [
    ("a.cs", "[Authorize]", "authz"),
    ("a.cs", '[Authorize(Roles = "Admin")]', "authz"),
    ("a.cs", "[AllowAnonymous]", "authz"),
    ("a.cs", "[ValidateAntiForgeryToken]", "auth"),
    ("a.cs", "[IgnoreAntiforgeryToken]", "auth"),
    ("a.cs", "app.UseAuthentication();", "auth"),
    ("a.cs", "app.UseAuthorization();", "authz"),
    ("a.cs", "services.AddCors(o => o.AllowAnyOrigin());", "authz"),
    ("a.cs", 'if (!User.IsInRole("Admin")) return Forbid();', "authz"),
    ("a.cs", "var hash = BCrypt.HashPassword(input);", "auth"),
    ("a.cs", "ValidateLifetime = false,", "auth"),
    ("a.cs", "ValidateIssuerSigningKey = false,", "auth"),
    ("a.cs", "RequireHttpsMetadata = false,", "crypto"),
    ("a.cs", "options.Cookie.HttpOnly = false;", "auth"),
    ("a.cs", "using var aes = Aes.Create();", "crypto"),
    ("a.cs", "var r = RandomNumberGenerator.GetBytes(32);", "crypto"),
    ("a.cs", "ServerCertificateCustomValidationCallback = (a,b,c,d) => true", "crypto"),
    ("a.cs", 'db.Users.FromSqlRaw("select " + q)', "data"),
    ("a.cs", "new BinaryFormatter().Deserialize(s)", "data"),
    ("a.cs", "TypeNameHandling = TypeNameHandling.All", "data"),
    ("a.cs", 'policy.RequireClaim("scope")', "authz"),
    ("a.cs", "await _signInManager.SignOutAsync();", "auth"),
    ("a.cs", "if (note.OwnerId != userId) return NotFound();", "authz"),
    ("a.cs", ".Where(n => n.UserId == userId)", "authz"),
    ("a.cs", "dataProtector.Protect(x)", "crypto"),
    ("a.rb", "before_action :authenticate_user!", "auth"),
    ("a.rb", "skip_before_action :require_login", "auth"),
    ("a.rb", "before_action :require_admin", "authz"),
    ("a.rb", "protect_from_forgery with: :null_session", "auth"),
    ("a.rb", "skip_forgery_protection", "auth"),
    ("a.rb", "skip_before_action :verify_authenticity_token", "auth"),
    ("a.rb", "has_secure_password", "auth"),
    ("a.rb", "authorize @note", "authz"),
    ("a.rb", "policy_scope(Note)", "authz"),
    ("a.rb", "load_and_authorize_resource", "authz"),
    ("a.rb", "can :manage, Note", "authz"),
    ("a.rb", "cannot :read, Note", "authz"),
    ("a.rb", "params.require(:user).permit(:name, :role)", "authz"),
    ("a.rb", "params.permit!", "authz"),
    ("a.rb", "cookies.signed[:user_id] = 1", "auth"),
    ("a.rb", "reset_session", "auth"),
    ("a.rb", "session[:user_id] = user.id", "auth"),
    ("a.rb", "config.force_ssl = false", "crypto"),
    ("a.rb", "OpenSSL::SSL::VERIFY_NONE", "crypto"),
    ("a.rb", "ActiveSupport::SecurityUtils.secure_compare(a, b)", "crypto"),
    ("a.rb", "Digest::SHA256.hexdigest(token)", "crypto"),
    ("a.rb", "SecureRandom.hex", "crypto"),
    ("a.rb", "Marshal.load(x)", "data"),
    ("a.rb", "x.html_safe", "data"),
    ("a.rb", "devise :database_authenticatable", "auth"),
    ("a.rb", 'http_basic_authenticate_with name: "a"', "auth"),
    ("a.rb", "self.filter_attributes = [:token]", "data"),
    ("a.rb", "config.filter_parameters += [:password]", "data"),
    ("a.rb", "attr_encrypted :ssn", "crypto"),
    ("a.rb", "JWT.decode(t, k, true)", "auth"),
    ("a.php", "Gate::allows('update', $post);", "authz"),
    ("a.php", "Gate::define('x', fn() => true);", "authz"),
    ("a.php", "$this->authorize('update', $post);", "authz"),
    ("a.php", "Route::middleware(['auth'])->group(1);", "auth"),
    ("a.php", "$this->middleware('auth:sanctum');", "auth"),
    ("a.php", "->middleware('can:update,post')", "authz"),
    ("a.php", "$user->can('edit')", "authz"),
    ("a.php", "Hash::make($x)", "auth"),
    ("a.php", "password_verify($a, $b)", "auth"),
    ("a.php", "Auth::attempt($c)", "auth"),
    ("a.php", "Auth::login($user)", "auth"),
    ("a.php", "if (Auth::guest()) return 1;", "auth"),
    ("a.php", "protected $guarded = [];", "authz"),
    ("a.php", "protected $fillable = ['name', 'role'];", "authz"),
    ("a.php", "protected $hidden = ['password'];", "auth"),
    ("a.php", "Crypt::encryptString($x)", "crypto"),
    ("a.php", "openssl_encrypt($a)", "crypto"),
    ("a.php", "hash_equals($a, $b)", "crypto"),
    ("a.php", "random_bytes(3)", "crypto"),
    ("a.php", "curl_setopt($c, CURLOPT_SSL_VERIFYPEER, false);", "crypto"),
    ("a.php", "DB::raw($x)", "data"),
    ("a.php", "unserialize($x)", "data"),
    ("a.php", "#[IsGranted('ROLE_ADMIN')]", "authz"),
    ("a.php", "$this->denyAccessUnlessGranted('ROLE_ADMIN');", "authz"),
    ("a.php", "session()->regenerate();", "auth"),
    ("a.php", "Session::put('user_id', 1);", "auth"),
    ("a.php", "$request->session()->invalidate();", "auth"),
    ("a.kt", "@PreAuthorize(\"hasRole('ADMIN')\")", "authz"),
    ("a.kt", '@Secured("ROLE_ADMIN")', "authz"),
    ("a.kt", '@RolesAllowed("admin")', "authz"),
    ("a.kt", "http.authorizeHttpRequests { it.anyRequest().permitAll() }", "authz"),
    ("a.kt", "http { csrf { disable() } }", "auth"),
    ("a.kt", 'authenticate("jwt") {', "auth"),
    ("a.kt", "install(Authentication) {", "auth"),
    ("a.kt", "install(CORS) { anyHost() }", "authz"),
    ("a.kt", "BCryptPasswordEncoder(4)", "auth"),
    ("a.kt", 'val c = Cipher.getInstance("AES/ECB/PKCS5Padding")', "crypto"),
    ("a.kt", "SecureRandom().nextBytes(b)", "crypto"),
    ("a.kt", 'MessageDigest.getInstance("MD5")', "crypto"),
    ("a.kt", "hostnameVerifier { _, _ -> true }", "crypto"),
    ("a.kt", "if (note.ownerId != user.id) throw X()", "authz"),
    ("a.kt", "ObjectInputStream(s).readObject()", "data"),
    ("a.kt", "call.sessions.set(UserSession(1))", "auth"),
    ("a.kt", "principal.user.canAccessLibrary(x)", "authz"),
    ("a.kt", "EncryptedSharedPreferences.create()", "crypto"),
    ("a.rs", "fn delete_user(headers: AdminHeaders, conn: DbConn) {}", "authz"),
    ("a.rs", ".wrap(HttpAuthentication::bearer(validator))", "auth"),
    ("a.rs", "argon2.verify_password(p, &h)", "auth"),
    ("a.rs", "jsonwebtoken::decode::<Claims>(&t, &k, &v)", "auth"),
    ("a.rs", "validation.insecure_disable_signature_validation();", "auth"),
    ("a.rs", ".danger_accept_invalid_certs(true)", "crypto"),
    ("a.rs", "OsRng.fill_bytes(&mut b);", "crypto"),
    ("a.rs", "subtle::ConstantTimeEq", "crypto"),
    ("a.rs", "if note.owner_id != user.id { return Err(Forbidden) }", "authz"),
    ("a.rs", ".route_layer(middleware::from_fn(require_auth))", "auth"),
    ("a.rs", "CorsLayer::permissive()", "authz"),
    ("a.rs", 'Cookie::build("a").http_only(false)', "auth"),
    ("a.rs", "user.has_role(Role::Admin)", "authz"),
    ("a.rs", "filter(notes::user_id.eq(user.id))", "authz"),
    ("a.rs", "session.renew();", "auth"),
    ("a.rs", "ring::hmac::sign(&k, b)", "crypto"),
]


@pytest.mark.parametrize(("path", "line", "area"), LINES)
def test_what_a_framework_decides_by_touches_its_area(path, line, area):
    form = FILES[path]
    assert area in areas(path, form.replace("{}", ""), form.replace("{}", f"        {line}\n"))


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize(
    "line", ["page = count(note)", "if (note.kind == page.kind) return 2", "note.name != 1"]
)
def test_ordinary_lines_touch_nothing(path, line):
    form = FILES[path]
    assert not areas(path, form.replace("{}", ""), form.replace("{}", f"        {line}\n"))


def test_comparing_ids_counts_where_no_rule_reads_the_language():
    for line in (
        "if (note.ownerId != user.id) return",
        "a = tenant_id == b.tenant_id",
        "x.filter(t::user_id.eq(u))",
    ):
        form = FILES["a.rs"]
        assert "authz" in areas("a.swift", form.replace("{}", ""), form.replace("{}", f"        {line}\n"))


def test_the_usual_package_of_authorities_is_no_certificate_of_ours():
    old, new = "FROM alpine\n", "FROM alpine\nRUN apk add ca-certificates tzdata\n"
    assert not areas("Dockerfile", old, new)
    assert "crypto" in areas("a.rb", "x = 1\n", "x = 1\ny = load_ca_cert(path)\n")
