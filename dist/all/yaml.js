import { createRequire } from "node:module";
let loaded;
const load = () => (loaded ??= createRequire(import.meta.url)("./yaml-package.cjs"));
const late = (name) => new Proxy(function () {}, {
  apply: (_, self, values) => Reflect.apply(load()[name], self, values),
  construct: (_, values, target) => Reflect.construct(load()[name], values, target),
  get: (_, key) => load()[name][key],
  set: (_, key, value) => Reflect.set(load()[name], key, value),
});
export const Alias = late("Alias");
export const CST = late("CST");
export const Composer = late("Composer");
export const Document = late("Document");
export const Lexer = late("Lexer");
export const LineCounter = late("LineCounter");
export const Pair = late("Pair");
export const Parser = late("Parser");
export const Scalar = late("Scalar");
export const Schema = late("Schema");
export const YAMLError = late("YAMLError");
export const YAMLMap = late("YAMLMap");
export const YAMLParseError = late("YAMLParseError");
export const YAMLSeq = late("YAMLSeq");
export const YAMLWarning = late("YAMLWarning");
export const isAlias = late("isAlias");
export const isCollection = late("isCollection");
export const isDocument = late("isDocument");
export const isMap = late("isMap");
export const isNode = late("isNode");
export const isPair = late("isPair");
export const isScalar = late("isScalar");
export const isSeq = late("isSeq");
export const parse = late("parse");
export const parseAllDocuments = late("parseAllDocuments");
export const parseDocument = late("parseDocument");
export const stringify = late("stringify");
export const visit = late("visit");
export const visitAsync = late("visitAsync");
