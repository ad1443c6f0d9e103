import fc from "fast-check";
import { terraformQuote } from "../../../src/paste/quote.ts";

/** A declaration that a generated configuration has. */
export interface Generated {
  readonly name: string;
  readonly sensitive: boolean;
  readonly ephemeral: boolean;
  readonly hasDefault: boolean;
}

export const identifier = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,8}$/);

/** Texts that a careless reader takes for the end or the beginning of something. */
const trap = fc.constantFrom(
  "}",
  "{",
  '"',
  'variable "trap" {',
  "/*",
  "*/",
  "#",
  "//",
  "<<EOT",
  "EOT",
  "${",
  "$${",
  "%{ if",
  "\\",
  "sensitive = true",
  "",
);
const oneLine = fc.array(trap, { maxLength: 3 }).map((parts) => parts.join(" "));

/** What may stand anywhere between declarations, and declares nothing. */
const noise = fc.oneof(
  oneLine.map((text) => `# ${text}`),
  oneLine.map((text) => `// ${text}`),
  oneLine.map((text) => `/* ${text.replaceAll("*/", "")}\n${text.replaceAll("*/", "")} */`),
  oneLine.map((text) => `locals {\n  text = ${terraformQuote(text)}\n}`),
  oneLine.map((text) => `locals { one_line = ${terraformQuote(text)} }`),
  oneLine.map(
    (text) =>
      `locals {\n  doc = <<-EOT\n    ${text.replaceAll("EOT", "E").replaceAll("${", "$").replaceAll("%{", "%")}\n    EOT\n}`,
  ),
  oneLine.map((text) => `locals {\n  deep = "a\${join("}", [${terraformQuote(text)}, "\${"x"}"])}b"\n}`),
  fc.constant(
    'resource "a" "variable" {\n  dynamic "variable" {\n    for_each = { a = "b" }\n    content {\n      sensitive = true\n    }\n  }\n}',
  ),
  fc.constant('module "x" {\n  source = "./x"\n  variable = {\n    "output" = { sensitive = true }\n  }\n}'),
  fc.constant('check "c" {\n  assert {\n    condition = 1 == 1 ? true : false\n    error_message = "{"\n  }\n}'),
  fc.constant(""),
);

const declaration: fc.Arbitrary<Generated> = fc.record({
  name: identifier,
  sensitive: fc.boolean(),
  ephemeral: fc.boolean(),
  hasDefault: fc.boolean(),
});

const body = fc.constantFrom(
  'type = object({\n    a = optional(string, "}")\n    b = list(number)\n  })',
  'description = "sensitive = true }"',
  'validation {\n    condition     = length(var.x) > 1 && can(regex("^[{}]$", var.x))\n    error_message = "sensitive = true"\n  }',
  "type = map(string) # sensitive = true",
  "nullable = false",
);

function write(
  { name, sensitive, ephemeral, hasDefault }: Generated,
  parts: readonly string[],
  quoted: boolean,
): string {
  const lines = [
    ...parts,
    ...(hasDefault ? ['default = {\n    "sensitive" = true\n  }'] : []),
    ...(sensitive ? ["sensitive = true"] : []),
    ...(ephemeral ? ["ephemeral   =   true // because"] : []),
  ];
  return `variable ${quoted ? `"${name}"` : name} {\n${lines.map((line) => `  ${line}\n`).join("")}}`;
}

/** A configuration, and the variables that it declares. */
export const configuration = fc
  .array(fc.tuple(declaration, fc.array(body, { maxLength: 3 }), noise, fc.boolean()), { maxLength: 6 })
  .map((all) => all.filter(([{ name }], index) => all.findIndex(([other]) => other.name === name) === index))
  .map((all) => ({
    declared: all.map(([one]) => one),
    text: all.map(([one, parts, between, quoted]) => `${between}\n${write(one, parts, quoted)}\n`).join("\n"),
  }));
