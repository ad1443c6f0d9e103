import { createRequire } from "node:module";
let loaded;
const load = () => (loaded ??= createRequire(import.meta.url)("./core-package.js"));
const late = (name) => new Proxy(function () {}, {
  apply: (_, self, values) => Reflect.apply(load()[name], self, values),
  construct: (_, values, target) => Reflect.construct(load()[name], values, target),
  get: (_, key) => load()[name][key],
  set: (_, key, value) => Reflect.set(load()[name], key, value),
});
export const ExitCode = late("ExitCode");
export const addPath = late("addPath");
export const debug = late("debug");
export const endGroup = late("endGroup");
export const error = late("error");
export const exportVariable = late("exportVariable");
export const getBooleanInput = late("getBooleanInput");
export const getIDToken = late("getIDToken");
export const getInput = late("getInput");
export const getMultilineInput = late("getMultilineInput");
export const getState = late("getState");
export const group = late("group");
export const info = late("info");
export const isDebug = late("isDebug");
export const markdownSummary = late("markdownSummary");
export const notice = late("notice");
export const platform = late("platform");
export const saveState = late("saveState");
export const setCommandEcho = late("setCommandEcho");
export const setFailed = late("setFailed");
export const setOutput = late("setOutput");
export const setSecret = late("setSecret");
export const startGroup = late("startGroup");
export const summary = late("summary");
export const toPlatformPath = late("toPlatformPath");
export const toPosixPath = late("toPosixPath");
export const toWin32Path = late("toWin32Path");
export const warning = late("warning");
