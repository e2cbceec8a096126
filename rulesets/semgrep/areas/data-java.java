class People {
    Object find(Manager manager, Input input, String word) {
        // ruleid: java-area-data-query, java-sql-injection-built-query
        Object rows = manager.createNativeQuery(word);
        // ruleid: java-area-data-query
        Object one = new XMLDecoder(input);
        // ruleid: java-area-data-query
        Object two = new XStream();
        // ok: java-area-data-query
        Object three = manager.createQuery("from Note");
        // ok: java-area-data-query
        Object four = new DataInputStream(input);
        // ok: java-area-data-query
        Object five = manager.find(word);
        return rows;
    }

    // ruleid: java-area-data-people
    void deleteUser(Long id) { drop(id); }

    // ruleid: java-area-data-people
    void anonymizeCustomerNotes(Long id) { drop(id); }

    // ok: java-area-data-people
    void deleteDraft(Long id) { drop(id); }

    void tell(User user, Note note) {
        // ruleid: java-area-data-people
        log.info("sent to {}", user.getEmail());
        // ok: java-area-data-people
        log.info("sent to {}", note.getTitle());
        // ok: java-area-data-people
        mailer.info("sent to {}", user.getEmail());
    }
}
