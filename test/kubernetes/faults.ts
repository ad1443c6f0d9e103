/** Which requests a fault is for; what is left out fits all. */
export interface FaultMatch {
  readonly method?: string;
  readonly path?: RegExp;
  readonly query?: RegExp;
}

/** What comes instead of the answer. */
export type FaultEffect =
  | {
      readonly status: number;
      readonly reason?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Not from the API server: a proxy's page. */
  | { readonly status: number; readonly page: string }
  /** The connection is cut, before or after the request was carried out. */
  | "reset"
  | "reset-after"
  /** Nothing comes, ever. */
  | "hang";

export interface Fault {
  readonly when: FaultMatch;
  readonly effect: FaultEffect;
  /** How many requests it spoils; all where left out. */
  readonly times?: number;
}

/** Faults that a test has set. The first that fits strikes. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  strike(method: string, path: string, query: string): FaultEffect | undefined;
}

export function createFaults(): Faults {
  let faults: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    clear: () => {
      faults = [];
    },
    strike: (method, path, query) => {
      const found = faults.find(
        ({ fault: { when }, left }) =>
          left > 0 &&
          (when.method === undefined || when.method === method) &&
          (when.path === undefined || when.path.test(path)) &&
          (when.query === undefined || when.query.test(query)),
      );
      if (found !== undefined) found.left -= 1;
      return found?.fault.effect;
    },
  };
}
