package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func routes() {
	r := gin.Default()
	r.GET("/items", listItems)
	r.DELETE("/items/:id", requireAuth, deleteItem)
	// ruleid: go-authentication-missing-route
	r.PUT("/items/:id", updateItem)
	// ruleid: go-authentication-missing-route
	r.POST("/items", func(c *gin.Context) { save(c) })
	// ok: go-authentication-missing-route
	r.POST("/login", login)
	// ok: go-authentication-missing-route
	r.GET("/items/:id", showItem)
	// ok: go-authentication-missing-route
	r.POST("/carts", middleware.JWT(), addCart)
}

func echoRoutes(e *echo.Echo) {
	// ruleid: go-authentication-missing-route
	e.POST("/notes", addNote)
	e.PUT("/notes/:id", updateNote, authMiddleware)
}

func groups() {
	r := gin.Default()
	admin := r.Group("/admin")
	admin.Use(authRequired)
	admin.GET("/all", requireAuth, all)
	// ok: go-authentication-missing-route
	admin.DELETE("/users/:id", deleteUser)
}

func open() {
	r := gin.Default()
	// ok: go-authentication-missing-route
	r.POST("/notes", addNote)
	r.GET("/notes", logRequests, listNotes)
}

func plain(mux *http.ServeMux) {
	mux.Handle("POST /orders", requireUser(http.HandlerFunc(createOrder)))
	// ruleid: go-authentication-missing-route
	mux.HandleFunc("DELETE /orders/{id}", deleteOrder)
	// ruleid: go-authentication-missing-route
	mux.Handle("/orders/delete", http.HandlerFunc(deleteOrder))
	// ok: go-authentication-missing-route
	mux.HandleFunc("GET /orders", listOrders)
	// ok: go-authentication-missing-route
	mux.HandleFunc("PUT /orders/{id}", requireUser(updateOrder))
	// ok: go-authentication-missing-route
	mux.HandleFunc("POST /login", login)
}

func unguarded(mux *http.ServeMux) {
	// ok: go-authentication-missing-route
	mux.HandleFunc("POST /orders", createOrder)
	mux.HandleFunc("GET /orders", logged(listOrders))
}

func wrapped() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", authProxy.handle(http.HandlerFunc(index)))
	// ok: go-authentication-missing-route
	mux.HandleFunc("POST /entries", addEntry)
	return session.handle(csrf.handle(mux))
}

func wrappedFirst() {
	mux := http.NewServeMux()
	mux.Handle("GET /all", requireUser(all))
	// ok: go-authentication-missing-route
	mux.HandleFunc("POST /entries", addEntry)
	handler := requireSession(mux)
	// ruleid: go-resource-exhaustion-server-timeout
	http.ListenAndServe(":8080", handler)
}
