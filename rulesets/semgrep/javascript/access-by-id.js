app.get("/orders/:id", auth, async (req, res) => {
  // ruleid: js-authorization-by-id
  await Order.findById(req.params.id);
  // ruleid: js-authorization-by-id
  await Order.findByIdAndDelete(req.params.id);
  // ruleid: js-authorization-by-id
  await prisma.order.findUnique({ where: { id: Number(req.params.id) } });
  // ok: js-authorization-by-id
  await Order.findById(req.user.orderId);
  // ok: js-authorization-by-id
  await Order.findOne({ _id: req.params.id, customer: req.user.id });
  // ok: js-authorization-by-id
  await Order.find({ customer: req.user.id });
});
