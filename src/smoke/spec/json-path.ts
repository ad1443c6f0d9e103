import * as v from "valibot";
import { checkJsonPath } from "../json-path.ts";
import { mapping } from "./fields.ts";
import { matcher } from "./matcher.ts";

/** A path of RFC 9535. */
export const jsonPath = v.pipe(
  v.string("a JSONPath such as $.id"),
  v.check(
    (path) => checkJsonPath(path) === undefined,
    ({ input }) => `a JSONPath such as $.id (${checkJsonPath(input)})`,
  ),
);

/** What has to be at paths of a JSON document. */
export const jsonpath = mapping(matcher, "a mapping from a JSONPath to what its value has to be", jsonPath);
