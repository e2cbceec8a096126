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
