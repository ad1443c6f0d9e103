import { compile, isRegistered, type JSONValue, TreeInterpreter } from "@jmespath-community/jmespath";
import { withinTime } from "./within-time.ts";

/** An expression that cannot be calculated: it is none, or its functions take no such values. */
export class ExpressionFault extends Error {
  override readonly name = "ExpressionFault";
}

/**
 * What is wrong with an expression of JMESPath, functions that there are not included; undefined when nothing is.
 * https://jmespath.site/main/
 */
export function checkExpression(expression: string): string | undefined {
  try {
    const unknown = listFunctions(compile(expression)).find((name) => !isRegistered(name));
    return unknown === undefined ? undefined : `there is no function ${unknown}()`;
  } catch (error) {
    return told(error);
  }
}

/**
 * What an expression of JMESPath finds in a value; null when it finds nothing.
 *
 * @throws ExpressionFault when it is no expression, or a function is given what it does not take, such as `sum` of nothing
 * @throws TookTooLong
 */
export function evaluate(expression: string, value: unknown): unknown {
  try {
    const compiled = compile(expression);
    return withinTime(`The expression ${expression}`, () => TreeInterpreter.search(compiled, value as JSONValue));
  } catch (error) {
    // What the library throws for an expression are errors without a class of their own.
    if (error instanceof Error && error.name === "TookTooLong") throw error;
    throw new ExpressionFault(`The expression ${expression} cannot be calculated: ${told(error)}`, { cause: error });
  }
}

/** The names of all functions that a compiled expression calls, wherever they stand in it. */
function listFunctions(node: unknown): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  const below = Object.values(node).flatMap(listFunctions);
  const { type, name } = node as { readonly type?: unknown; readonly name?: unknown };
  return type === "Function" && typeof name === "string" ? [name, ...below] : below;
}

function told(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace('invalid token (EOF): ""', "it ends too early");
}
