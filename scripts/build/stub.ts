import { nameEntry, type Stage } from "../stages.ts";

/** The text of dist/<action>/<stage>.js: it loads one stage from the bundle that all actions share. */
export function renderStub(action: string, stage: Stage): string {
  return `import { load } from "../all/index.js";\nawait load("${nameEntry(action, stage)}");\n`;
}
