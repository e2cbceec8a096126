package web

func Decide(db DB, user User, enforcer Enforcer) {
	// ruleid: go-area-authz-guard
	if !HasPermission(user, "read") {
		return
	}
	// ruleid: go-area-authz-guard
	router.Use(RequireRole("admin"))
	// ruleid: go-area-authz-guard
	enforcer.Enforce(user, "item", "read")
	// ok: go-area-authz-guard
	HasPrefix(user, "a")
	// ok: go-area-authz-guard
	router.Use(Compress())
	// ok: go-area-authz-guard
	Admin(user)
	// ruleid: go-area-authz-query-scope
	db.Where("owner_id = ?", user.ID).Find(&items)
	// ruleid: go-area-authz-query-scope
	db.Where("id = ? AND tenant_id = ?", 1, user.Tenant)
	// ruleid: go-area-authz-query-scope
	db.Where("is_public = ?", true)
	// ok: go-area-authz-query-scope
	db.Where("name = ?", "x")
	// ok: go-area-authz-query-scope
	db.Where("id = ?", 1)
	// ok: go-area-authz-query-scope
	db.Order("owner_id")
}

func ViewNote(note Note, user User) bool {
	// ruleid: go-area-authz-ownership
	if note.OwnerID != user.ID {
		return false
	}
	// ruleid: go-area-authz-ownership
	if user.ID == note.UserID {
		return true
	}
	// ruleid: go-area-authz-ownership
	same := note.TeamID == user.Team
	// ok: go-area-authz-ownership
	if note.Kind != user.Kind {
		return same
	}
	// ok: go-area-authz-ownership
	note.OwnerID = user.ID
	// ok: go-area-authz-ownership
	return note.Project == user.Project
}
