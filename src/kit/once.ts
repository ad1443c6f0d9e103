/** Work that is begun with the first question, and whose outcome all later ones get. */
export interface Once<T> {
  (): Promise<T>;
  /** Whether anybody has asked. */
  begun(): boolean;
}

/** Does `work` when it is first asked for, and never again, also when it failed. */
export function once<T>(work: () => Promise<T>): Once<T> {
  let made: Promise<T> | undefined;
  const ask = (): Promise<T> => {
    made ??= work();
    return made;
  };
  return Object.assign(ask, { begun: () => made !== undefined });
}

/** Makes one thing for each name, when it is first asked for. */
export function oncePer<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}
