/** Arguments of node that run a module before the action's own, in every stage. */
export type Preload = readonly [string, string];

const preload = (source: string): Preload => ["--import", `data:text/javascript,${encodeURIComponent(source)}`];

/** Writes the process id of a main stage to a file before the action begins. */
export const tellPid = (file: string): Preload =>
  preload(
    `import{writeFileSync}from"node:fs";if(process.argv[1].endsWith("index.js"))writeFileSync(${JSON.stringify(file)},String(process.pid))`,
  );

/** Sets variables that the runner itself sets, in main only where `stage` says so. */
export const setVariable = (name: string, value: string | undefined): Preload =>
  preload(
    value === undefined
      ? `delete process.env[${JSON.stringify(name)}]`
      : `process.env[${JSON.stringify(name)}]=${JSON.stringify(value)}`,
  );

/** Lets timers and the monotonic clock run so many times faster, so that minutes of waiting can be waited for. */
export const hasten = (times: number): Preload =>
  preload(
    `const wait=globalThis.setTimeout;globalThis.setTimeout=Object.assign((work,ms,...rest)=>wait(work,(ms??0)/${times},...rest),wait);` +
      `const now=performance.now.bind(performance);performance.now=()=>now()*${times};` +
      `const tick=process.hrtime.bigint.bind(process.hrtime);process.hrtime.bigint=()=>tick()*${times}n;`,
  );
