"""Words of a check in comments and texts are no check: depth_limit, QueryDepthLimiter, max_depth."""

# complexity, hmac.compare_digest, signature, current_user, owner
import strawberry
from django.views.decorators.csrf import csrf_exempt

HINT = "max_depth is signature, hmac.new, X-Hub-Signature and Authorization"

# ruleid: py-resource-exhaustion-graphql-depth
schema = strawberry.Schema(query=Query)


# ruleid: py-csrf-disabled
@csrf_exempt
def change_address(request):
    """Nobody checks a signature here, nor calls hmac.compare_digest."""
    return save(request.POST["street"], "signature of api_view")


# ok: py-csrf-disabled
@csrf_exempt
def take_order(request):
    if not compare_digest(sign(request.body), request.headers["X-Shop-Signature"]):
        return refuse()
    return save_order(request.body)


@app.post("/notes")
@login_required
def add_note():
    return store.add(current_user.id, request.json)


@app.delete("/notes/<number>")
# ruleid: py-authentication-unguarded-route
def drop_note(number):
    """Only the current_user may do this: 403 for others, login_required."""
    # session["user"], authorize(), check_user_access()
    return store.drop(number, why='not for "api_key" holders')


@app.put("/notes/<number>")
# ok: py-authentication-unguarded-route
def change_note(number):
    """Owners only."""
    if session.get("user") is None:
        abort(401)
    return store.change(number, request.json)


@app.get("/letters/<letter_id>")
@login_required
def letter(letter_id):
    """The owner and every member with permission reads it: abort(403) for the rest."""
    # current_user, request.user, role
    # ruleid: py-authorization-object-by-id
    found = Letter.query.get_or_404(letter_id)
    return found.text + "for owner, tenant and admin"


@app.get("/parcels/<parcel_id>")
@login_required
def parcel(parcel_id):
    # ok: py-authorization-object-by-id
    found = Parcel.query.get_or_404(parcel_id)
    if found.sender != current_user.id:
        abort(403)
    return found.text
