class SignIn {
    void run(Manager manager, Session session, Http http, Cookie old) {
        // ruleid: java-area-auth-session-or-token
        Object who = manager.authenticate(old);
        // ruleid: java-area-auth-session-or-token
        session.invalidate();
        // ruleid: java-area-auth-session-or-token, java-csrf-disabled
        http.csrf(c -> c.disable());
        // ok: java-area-auth-session-or-token
        Object page = manager.render(old);
        // ok: java-area-auth-session-or-token
        session.refresh();
        // ok: java-area-auth-session-or-token
        http.cors(c -> c.disable());
    }
}
