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

def find_people(cursor, word, table):
    # ruleid: py-area-data-query
    rows = Note.objects.raw("SELECT * FROM note")
    # ruleid: py-area-data-query
    more = Note.objects.extra(where=["kind = 1"])
    # ruleid: py-area-data-query
    cursor.executescript(table)
    # ok: py-area-data-query
    cursor.execute("SELECT 1")
    # ok: py-area-data-query
    some = Note.objects.filter(kind=word)
    # ok: py-area-data-query
    runner.execute(word)
    return rows, more, some


def keep(path):
    # ruleid: py-area-data-objects, py-deserialization-pickle
    first = shelve.open(path)
    # ruleid: py-area-data-objects, py-deserialization-model-file
    second = joblib.load(path)
    # ruleid: py-area-data-objects
    third = marshal.load(path)
    # ok: py-area-data-objects
    fourth = yaml.safe_load(path)
    # ok: py-area-data-objects
    fifth = json.load(path)
    # ok: py-area-data-objects
    sixth = pickle.dumps(path)
    return first, second, third, fourth, fifth, sixth


def tell(user, note):
    # ruleid: py-area-data-log
    logger.info("sent to %s", user.email)
    # ruleid: py-area-data-log
    logging.debug("phone %s", user.phone_number)
    # ruleid: py-area-data-log
    self.logger.warning("birthday", note, user.birth_date)
    # ok: py-area-data-log
    logger.info("sent to %s", note.title)
    # ok: py-area-data-log
    mailer.info("sent to %s", user.email)
    # ok: py-area-data-log
    logger.info("email was sent")
