// ruleid: js-area-data-people
async function deleteUserAccount(id) {
  // ruleid: js-area-data-people
  await prisma.user.delete({ where: { id } });
}
// ruleid: js-area-data-people
const exportCustomers = async (path) => path;
// ok: js-area-data-people
async function deleteFile(path) {
  // ok: js-area-data-people
  await prisma.file.delete({ where: { path } });
}
// ok: js-area-data-people
const showUsers = (users) => users;

export async function findPeople(db, word) {
  // ruleid: js-area-data-query
  const rows = await db.$queryRawUnsafe(word);
  // ruleid: js-area-data-query
  const more = await sequelize.query(word);
  // ruleid: js-area-data-query
  const some = knex.raw(word);
  // ok: js-area-data-query
  const other = await db.query("SELECT 1");
  // ok: js-area-data-query
  const found = await db.note.findMany({ take: 5 });
  // ok: js-area-data-query
  const asked = client.query(word);
  return [rows, more, some, other, found, asked];
}

export function tell(res, user, note, error) {
  // ruleid: js-area-data-log
  console.log("sent to", user.email);
  // ruleid: js-area-data-log
  logger.info(`reached ${user.phone}`);
  // ruleid: js-area-data-log, js-information-exposure-error-detail
  res.json({ ok: false, detail: error.stack });
  // ok: js-area-data-log
  console.log("sent", note.title);
  // ok: js-area-data-log
  mailer.info(user.email);
  // ok: js-area-data-log
  res.json({ ok: true, note });
}
