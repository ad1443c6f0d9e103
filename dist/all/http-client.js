import { createRequire } from "node:module";
let loaded;
const load = () => (loaded ??= createRequire(import.meta.url)("./http-client-package.js"));
const late = (name) => new Proxy(function () {}, {
  apply: (_, self, values) => Reflect.apply(load()[name], self, values),
  construct: (_, values, target) => Reflect.construct(load()[name], values, target),
  get: (_, key) => load()[name][key],
  set: (_, key, value) => Reflect.set(load()[name], key, value),
});
export const Headers = late("Headers");
export const HttpClient = late("HttpClient");
export const HttpClientError = late("HttpClientError");
export const HttpClientResponse = late("HttpClientResponse");
export const HttpCodes = late("HttpCodes");
export const MediaTypes = late("MediaTypes");
export const getProxyUrl = late("getProxyUrl");
export const isHttps = late("isHttps");
