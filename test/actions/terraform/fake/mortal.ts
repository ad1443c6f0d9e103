/**
 * The same world, until whoever uses it is killed: what it asks for then is not done, and what it waits for never comes.
 * A kill cannot be caught, so nothing is thrown.
 */
export function makeMortal<T extends object>(world: T, isDead: () => boolean): T {
  const never = new Promise<never>(() => {});
  const wrap = (value: unknown, owner: unknown): unknown => {
    if (typeof value === "function") {
      return (...given: readonly unknown[]) => {
        if (isDead()) return never;
        const result: unknown = Reflect.apply(value, owner, given);
        if (!(result instanceof Promise)) return wrap(result, undefined);
        return result.then(
          (found) => (isDead() ? never : wrap(found, undefined)),
          (error) => (isDead() ? never : Promise.reject(error)),
        );
      };
    }
    return isWorld(value) ? new Proxy(value, handler) : value;
  };
  const handler: ProxyHandler<object> = {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return value instanceof AbortSignal ? value : wrap(value, target);
    },
  };
  return new Proxy(world, handler) as T;
}

/** Whether it is something that is asked, and not data. */
function isWorld(value: unknown): value is object {
  if (typeof value !== "object" || value === null || value instanceof AbortSignal || Buffer.isBuffer(value))
    return false;
  return Object.values(value).some((one) => typeof one === "function" || isWorld(one));
}
