package web

// ruleid: go-area-data-people
func DeleteUser(db DB, id int) error {
	// ruleid: go-area-data-people
	return db.Delete(&User{}, id).Error
}

// ruleid: go-area-data-people
func (s Service) ExportCustomers(path string) error {
	return nil
}

// ok: go-area-data-people
func DeleteFile(db DB, path string) error {
	// ok: go-area-data-people
	return db.Delete(&File{}, path).Error
}

// ok: go-area-data-people
func ShowUsers(users []User) error {
	return nil
}

func FindPeople(db DB, word string, table string) {
	// ruleid: go-area-data-query
	db.Raw(word)
	// ruleid: go-area-data-query
	name := pq.QuoteIdentifier(table)
	// ruleid: go-area-data-query
	reader := gob.NewDecoder(word)
	// ok: go-area-data-query
	db.Query("SELECT 1")
	// ok: go-area-data-query
	other := json.NewDecoder(word)
	// ok: go-area-data-query
	db.First(word)
	show(name, reader, other)
}

func Tell(user User, note Note) {
	// ruleid: go-area-data-log
	log.Printf("sent to %s", user.Email)
	// ruleid: go-area-data-log
	slog.Info("reached", "phone", user.Phone)
	// ruleid: go-area-data-log
	logger.Warnf("birthday %v", user.BirthDate)
	// ok: go-area-data-log
	log.Printf("sent %s", note.Title)
	// ok: go-area-data-log
	mailer.Info(user.Email)
	// ok: go-area-data-log
	log.Println("email was sent")
}
