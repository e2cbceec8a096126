package web

func SignIn(router Router, token string, key []byte, hash []byte) {
	// ruleid: go-area-auth-session-or-token
	jwt.Parse(token, find)
	// ruleid: go-area-auth-session-or-token
	bcrypt.CompareHashAndPassword(hash, key)
	// ruleid: go-area-auth-session-or-token
	cookie := http.Cookie{Name: "session", MaxAge: 60}
	// ok: go-area-auth-session-or-token
	json.Parse(token)
	// ok: go-area-auth-session-or-token
	header := http.Header{}
	// ok: go-area-auth-session-or-token
	bytes.Compare(hash, key)
	// ruleid: go-area-auth-middleware
	router.Use(RequireAuth)
	// ruleid: go-area-auth-middleware
	router.Use(AuthMiddleware(key))
	// ruleid: go-area-auth-middleware
	router.GET("/page", auth.RequireLogin(), page)
	// ok: go-area-auth-middleware
	router.Use(Compress)
	// ok: go-area-auth-middleware
	router.GET("/open", page)
	// ok: go-area-auth-middleware
	router.Use(Author(key))
	show(cookie, header)
}

func Remember(w Writer, c Context, key []byte) {
	// ruleid: go-area-auth-cookie
	http.SetCookie(w, seen)
	// ruleid: go-area-auth-cookie
	c.SetCookie("seen", "1", 3600)
	// ruleid: go-area-auth-cookie
	guard := csrf.Protect(key)
	// ok: go-area-auth-cookie
	c.SetHeader("seen", "1")
	// ok: go-area-auth-cookie
	http.Redirect(w, page, "/", 302)
	// ok: go-area-auth-cookie
	c.Set("SameSite", "1")
	show(guard)
}
