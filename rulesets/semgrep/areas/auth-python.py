import jwt
from flask_login import login_required, login_user, logout_user


# ruleid: py-area-auth-guard
@login_required
def page():
    return None


# ruleid: py-area-auth-guard
@auth.login_required(role="a")
def other_page():
    return None


# ok: py-area-auth-guard
@cached
def open_page():
    return None


def check(request):
    # ruleid: py-area-auth-guard
    if request.user.is_authenticated:
        return 1
    # ok: py-area-auth-guard
    if request.user.name:
        return 2
    # ok: py-area-auth-guard
    return Depends(get_settings)


def sign_in(user, token, key, password):
    # ruleid: py-area-auth-session-or-token
    login_user(user)
    # ruleid: py-area-auth-session-or-token
    jwt.decode(token, key, algorithms=["RS256"])
    # ruleid: py-area-auth-session-or-token
    user.set_password(password)
    # ok: py-area-auth-session-or-token
    user.set_name(password)
    # ok: py-area-auth-session-or-token
    token.decode("utf-8")
    # ok: py-area-auth-session-or-token
    database_session.commit()


# ruleid: py-area-auth-session-or-token
SESSION_COOKIE_AGE = 3600
# ok: py-area-auth-session-or-token
CACHE_AGE = 3600

def remember(response, app, key):
    # ruleid: py-area-auth-cookie
    response.set_cookie("seen", "1", max_age=3600)
    # ruleid: py-area-auth-cookie
    response.delete_cookie("seen")
    # ruleid: py-area-auth-cookie
    app.add_middleware(SessionMiddleware, https_only=True)
    # ok: py-area-auth-cookie
    response.set_header("seen", "1")
    # ok: py-area-auth-cookie
    response.delete("seen")
    # ok: py-area-auth-cookie
    app.add_middleware(GZipMiddleware, minimum_size=500)
    return response
