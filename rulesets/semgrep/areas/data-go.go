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
