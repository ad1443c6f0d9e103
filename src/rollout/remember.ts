/**
 * A reader of objects that reads each one only once. A snapshot is judged twice a second, and few of its objects have
 * changed since: what was read of one goes when the object itself does.
 */
export function remember<From extends object, To>(read: (from: From) => To): (from: From) => To {
  const known = new WeakMap<From, To>();
  return (from) => {
    const before = known.get(from);
    if (before !== undefined) return before;
    const now = read(from);
    known.set(from, now);
    return now;
  };
}
