import db
from fastapi import APIRouter, Depends
from flask import Blueprint, abort, jsonify, request
from flask_jwt_extended import jwt_required
from flask_login import current_user, login_required
from rest_framework import permissions
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.views import APIView

bp = Blueprint("crates", __name__)
router = APIRouter()


@bp.route("/crates", methods=["POST"])
@login_required
# ok: py-authentication-unguarded-route
def add_crate():
    return jsonify(db.add(request.json["label"])), 201


@bp.route("/crates/<int:crate>/lid", methods=["PUT", "PATCH"])
# ruleid: py-authentication-unguarded-route
def open_lid(crate):
    db.open_lid(crate)
    return "", 204


@bp.delete("/crates/<int:crate>")
# ruleid: py-authentication-unguarded-route
def drop_crate(crate):
    db.drop(crate)
    return "", 204


@router.post("/pallets")
# ruleid: py-authentication-unguarded-route
async def add_pallet(height: int):
    return db.add_pallet(height)


@router.post("/pallets/stack")
# ok: py-authentication-unguarded-route
async def stack_pallets(height: int, user=Depends(get_current_user)):
    return db.stack(height, user)


@bp.route("/crates", methods=["GET"])
# ok: py-authentication-unguarded-route
def list_crates():
    return jsonify(db.labels())


@bp.route("/login", methods=["POST"])
# ok: py-authentication-unguarded-route
def enter():
    return db.enter(request.form["name"])


@bp.post("/crates/seal")
# ok: py-authentication-unguarded-route
def seal():
    if "worker" not in session.get("roles", []):
        abort(403)
    db.seal()
    return "", 204


@bp.route("/boxes/<int:box_id>")
@login_required
def show_box(box_id):
    # ruleid: py-authorization-object-by-id
    box = Box.query.get_or_404(box_id)
    return jsonify(box.to_dict())


@bp.get("/parcels/<int:parcel_id>")
@jwt_required()
def show_parcel(parcel_id):
    # ruleid: py-authorization-object-by-id
    parcel = db.session.get(Parcel, parcel_id)
    return jsonify(parcel.to_dict())


@login_required
def edit_note(request, pk):
    # ruleid: py-authorization-object-by-id
    note = get_object_or_404(Note, pk=pk)
    note.text = request.POST["text"][:200]
    note.save()


@login_required
def my_note(request, pk):
    # ok: py-authorization-object-by-id
    note = get_object_or_404(Note, pk=pk)
    if note.owner != request.user:
        raise PermissionDenied
    return note


@bp.route("/boxes/<int:box_id>/mine")
@login_required
def my_box(box_id):
    # ok: py-authorization-object-by-id
    box = Box.query.filter_by(id=box_id, user_id=current_user.id).first_or_404()
    return jsonify(box.to_dict())


def count_box(box_id):
    # ok: py-authorization-object-by-id
    box = Box.query.get(box_id)
    return box.count


class ParcelView(APIView):
    # ruleid: py-authorization-allow-all
    permission_classes = []


class InvoiceView(APIView):
    # ruleid: py-authorization-allow-all
    permission_classes = [permissions.AllowAny]


class LoginView(APIView):
    # ok: py-authorization-allow-all
    permission_classes = [AllowAny]


class CrateView(APIView):
    # ok: py-authorization-allow-all
    permission_classes = [IsAuthenticated]


@api_view(["DELETE"])
@permission_classes([AllowAny])
# ruleid: py-authorization-allow-all
def remove_all(request):
    db.clear()


class IsCourier(permissions.BasePermission):
    # ruleid: py-authorization-allow-all
    def has_permission(self, request, view):
        return True


class IsSender(permissions.BasePermission):
    # ok: py-authorization-allow-all
    def has_object_permission(self, request, view, parcel):
        return parcel.sender_id == request.user.id


REST_FRAMEWORK = {
    # ruleid: py-authorization-allow-all
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
}
