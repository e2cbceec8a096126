from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied


# ruleid: py-area-authz-guard
@permission_required("app.change")
def change(request):
    return None


# ruleid: py-area-authz-guard
@admin_required
def administer(request):
    return None


# ok: py-area-authz-guard
@route("/list")
def listing(request):
    return None


class View:
    # ruleid: py-area-authz-guard
    permission_classes = [IsOwner]
    # ok: py-area-authz-guard
    renderer_classes = [JSONRenderer]
    # ok: py-area-authz-guard
    role = "button"


def decide(user, item, lexer):
    # ruleid: py-area-authz-predicate
    if not user.has_perm("app.change"):
        # ruleid: py-area-authz-predicate
        raise PermissionDenied("no")
    # ruleid: py-area-authz-predicate
    if user.is_superuser:
        return 1
    # ok: py-area-authz-predicate
    if user.is_active:
        return 2
    # ok: py-area-authz-predicate
    if item.has_children():
        raise ValueError("no")
    # ok: py-area-authz-predicate
    abort(404)
    return lexer


def queries(request, user, name):
    # ruleid: py-area-authz-query-scope
    Item.objects.filter(owner=request.user)
    # ruleid: py-area-authz-query-scope
    get_object_or_404(Item, pk=1, tenant_id=user.tenant)
    # ruleid: py-area-authz-query-scope
    session.query(Item).filter_by(is_public=True)
    # ok: py-area-authz-query-scope
    Item.objects.filter(name=name)
    # ok: py-area-authz-query-scope
    get_object_or_404(Item, pk=1)
    # ok: py-area-authz-query-scope
    Item.objects.filter(created__gt=name)

def view_note(note, user, allowed):
    # ruleid: py-area-authz-ownership
    if note.owner_id != user.id:
        return None
    # ruleid: py-area-authz-ownership
    if user.id == note.created_by:
        return note
    # ruleid: py-area-authz-ownership
    if note.team_id not in allowed:
        return None
    # ok: py-area-authz-ownership
    if note.kind != user.kind:
        return None
    # ok: py-area-authz-ownership
    note.owner_id = user.id
    # ok: py-area-authz-ownership
    return note.project
