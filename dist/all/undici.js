const never = () => {
  throw new Error("undici is not in the bundle");
};
export class ProxyAgent {}
export const fetch = never;
