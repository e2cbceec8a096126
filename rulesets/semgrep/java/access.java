import org.springframework.security.access.prepost.PreAuthorize;

@RestController
@RequestMapping("/api/orders")
class OrderController {
  @PreAuthorize("hasRole('ADMIN')")
  @DeleteMapping("/{id}")
  // ok: java-authentication-missing-endpoint
  public void delete(@PathVariable long id) {
    orders.deleteById(id);
  }

  @PutMapping("/{id}")
  // ruleid: java-authentication-missing-endpoint
  public Order update(@PathVariable long id, @RequestBody Order order) {
    return orders.save(order);
  }

  @PostMapping
  // ruleid: java-authentication-missing-endpoint
  public Order create(@RequestBody Order order) {
    return orders.save(order);
  }

  @GetMapping
  // ok: java-authentication-missing-endpoint
  public List<Order> list() {
    return orders.findAll();
  }

  @PostMapping("/mine")
  // ok: java-authentication-missing-endpoint
  public Order createMine(@RequestBody Order order, Principal principal) {
    return orders.saveFor(principal.getName(), order);
  }

  @PostMapping("/login")
  // ok: java-authentication-missing-endpoint
  public Token login(@RequestBody Credentials credentials) {
    return tokens.of(credentials);
  }

  @PatchMapping("/{id}")
  // ok: java-authentication-missing-endpoint
  public Order patch(@PathVariable long id) {
    Authentication caller = SecurityContextHolder.getContext().getAuthentication();
    return orders.patch(id, caller);
  }
}

@Path("/accounts")
class AccountResource {
  @DELETE
  @RolesAllowed("admin")
  // ok: java-authentication-missing-endpoint
  public void remove(@PathParam("id") long id) {
    accounts.remove(id);
  }

  @POST
  @Path("/{id}/close")
  // ruleid: java-authentication-missing-endpoint
  public void close(@PathParam("id") long id) {
    accounts.close(id);
  }

  @POST
  @PermitAll
  // ok: java-authentication-missing-endpoint
  public void open(Form form) {
    accounts.open(form);
  }
}

@PreAuthorize("isAuthenticated()")
@RestController
class GuardedController {
  @PreAuthorize("hasRole('ADMIN')")
  @DeleteMapping("/{id}")
  public void delete(@PathVariable long id) {
    things.deleteById(id);
  }

  @PostMapping
  // ok: java-authentication-missing-endpoint
  public void create(@RequestBody Thing thing) {
    things.save(thing);
  }
}

@RestController
class UnguardedController {
  @PostMapping
  // ok: java-authentication-missing-endpoint
  public void create(@RequestBody Thing thing) {
    things.save(thing);
  }
}
