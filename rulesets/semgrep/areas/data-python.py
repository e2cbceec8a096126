from django.db import models


# ruleid: py-area-data-people
def delete_user(user):
    # ruleid: py-area-data-people
    user.delete()


# ruleid: py-area-data-people
def export_all_customers(path):
    return path


# ok: py-area-data-people
def delete_file(path):
    # ok: py-area-data-people
    path.delete()


# ok: py-area-data-people
def show_user(user):
    return user


class Person(models.Model):
    # ruleid: py-area-data-field
    email = models.EmailField()
    # ruleid: py-area-data-field
    date_of_birth = models.DateField()
    # ruleid: py-area-data-field
    work_phone = Column(String)
    # ok: py-area-data-field
    color = models.CharField()
    # ok: py-area-data-field
    email_count = models.IntegerField()
    # ok: py-area-data-field
    first = Column(String)
