class Notes {
    // ruleid: java-area-authz-guard
    @PreAuthorize("hasRole('ADMIN')")
    Note find(Long id) { return null; }

    // ruleid: java-area-authz-guard
    @RolesAllowed("editor")
    Note edit(Long id) { return null; }

    // ok: java-area-authz-guard
    @Cacheable("notes")
    Note load(Long id) { return null; }

    Note view(Request request, Note note, User user) {
        // ruleid: java-area-authz-guard
        if (request.isUserInRole("staff")) { return note; }
        // ok: java-area-authz-guard
        if (request.isSecure()) { return note; }
        // ok: java-area-authz-guard
        if (request.hasHeader("x")) { return note; }
        // ruleid: java-area-authz-ownership
        if (!note.getOwnerId().equals(user.getId())) { return null; }
        // ruleid: java-area-authz-ownership
        if (user.getId().equals(note.getCreatedBy())) { return note; }
        // ruleid: java-area-authz-ownership
        if (note.getTenantId() != user.getTenant()) { return null; }
        // ok: java-area-authz-ownership
        if (note.getKind().equals(user.getKind())) { return null; }
        // ok: java-area-authz-ownership
        note.setOwnerId(user.getId());
        // ok: java-area-authz-ownership
        show(note.getOwnerId());
        return note;
    }
}
