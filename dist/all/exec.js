import { createRequire } from "node:module";
let loaded;
const load = () => (loaded ??= createRequire(import.meta.url)("./exec-package.js"));
const late = (name) => new Proxy(function () {}, {
  apply: (_, self, values) => Reflect.apply(load()[name], self, values),
  construct: (_, values, target) => Reflect.construct(load()[name], values, target),
  get: (_, key) => load()[name][key],
  set: (_, key, value) => Reflect.set(load()[name], key, value),
});
export const exec = late("exec");
export const getExecOutput = late("getExecOutput");
