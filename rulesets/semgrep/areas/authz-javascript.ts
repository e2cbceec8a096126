// ruleid: js-area-authz-guard
app.get("/admin", requireRole("admin"), page);
// ruleid: js-area-authz-guard
app.delete("/item", isAdmin, remove);

function decide(ability, req, list) {
  // ruleid: js-area-authz-guard
  if (!ability.can("read", "Item")) return;
  // ok: js-area-authz-guard
  if (!list.includes("read")) return;
  // ok: js-area-authz-guard
  button.setRole("menu");
  // ruleid: js-area-authz-query-scope
  Item.find({ owner: req.user.id });
  // ruleid: js-area-authz-query-scope
  prisma.item.findMany({ where: { tenantId: req.user.tenant } });
  // ruleid: js-area-authz-query-scope
  Item.deleteMany({ kind: 1, userId: req.user.id });
  // ok: js-area-authz-query-scope
  Item.find({ name: "x" });
  // ok: js-area-authz-query-scope
  prisma.item.findMany({ where: { name: "x" } });
  // ok: js-area-authz-query-scope
  render({ owner: "x" });
}

// ok: js-area-authz-guard
app.get("/open", page);

export function viewNote(note, user) {
  // ruleid: js-area-authz-ownership
  if (note.ownerId !== user.id) return null;
  // ruleid: js-area-authz-ownership
  if (user.id === note.createdBy) return note;
  // ruleid: js-area-authz-ownership
  if (note.teamId != user.team) return null;
  // ok: js-area-authz-ownership
  if (note.kind !== user.kind) return null;
  // ok: js-area-authz-ownership
  note.ownerId = user.id;
  // ok: js-area-authz-ownership
  return note.project === user.project;
}
