export const id = 712;
export const ids = [712];
export const modules = {

/***/ 3472:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ defineAction),
/* harmony export */   x: () => (/* binding */ camelCase)
/* harmony export */ });
const ERROR_CODE = "Why the action failed, as a stable code (see docs/troubleshooting.md); empty when it did not.";
/** Declares an action. Every action gets the output `error-code`. */
function defineAction(spec) {
    return { ...spec, outputs: { ...spec.outputs, "error-code": ERROR_CODE } };
}
/** `max-deletions` to `maxDeletions`. */
function camelCase(name) {
    return name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}


/***/ }),

/***/ 2746:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ parseDuration),
/* harmony export */   P: () => (/* binding */ renderDuration)
/* harmony export */ });
const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };
const FORM = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
/** Milliseconds of a duration such as `90s`, `30m`, `8h`, `1h30m` or `7d`; undefined for any other text. */
function parseDuration(text) {
    const found = FORM.exec(text.trim());
    if (found === null || found[0] === "")
        return undefined;
    const [, days, hours, minutes, seconds] = found;
    const total = Number(days ?? 0) * UNIT_MS.d +
        Number(hours ?? 0) * UNIT_MS.h +
        Number(minutes ?? 0) * UNIT_MS.m +
        Number(seconds ?? 0) * UNIT_MS.s;
    return Number.isSafeInteger(total) ? total : undefined;
}
/** The two largest units of a span in milliseconds, as people say it: `3d4h`, `5h`, `1m30s`, `0s`. */
function renderDuration(milliseconds) {
    let rest = Math.round(Math.abs(milliseconds) / 1000) * 1000;
    const parts = [];
    for (const unit of ["d", "h", "m", "s"]) {
        const count = Math.floor(rest / UNIT_MS[unit]);
        rest -= count * UNIT_MS[unit];
        if (count > 0)
            parts.push(`${count}${unit}`);
        // Two neighbouring units are enough: 3d4h, never 3d2s.
        if (parts.length > 0 && (parts.length === 2 || count === 0))
            break;
    }
    return parts.length === 0 ? "0s" : parts.join("");
}


/***/ }),

/***/ 4602:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $N: () => (/* binding */ codeOf),
/* harmony export */   Dp: () => (/* binding */ listClauses),
/* harmony export */   vr: () => (/* binding */ renderError)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7975);
/* harmony import */ var _user_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(878);


const ISSUES = "https://github.com/OWNER/mayfly/issues";
const LONGEST_CHAIN = 8;
/** Every message from the outermost error to the root cause, most general first. */
function listClauses(error) {
    const clauses = [];
    let current = error;
    for (let depth = 0; depth < LONGEST_CHAIN && current !== undefined && current !== null; depth += 1) {
        const clause = clauseOf(current);
        // A layer that quotes its cause has said it already.
        if (!clauses.some((said) => said.includes(clause)))
            clauses.push(clause);
        current = current instanceof Error ? current.cause : undefined;
    }
    return clauses;
}
function clauseOf(error) {
    if (!(error instanceof Error))
        return typeof error === "string" ? error : (0,node_util__WEBPACK_IMPORTED_MODULE_0__.inspect)(error);
    if (error.message !== "")
        return error.message;
    // A refused connection to a name with several addresses has no words of its own.
    if (error instanceof AggregateError)
        return [...new Set(error.errors.map(clauseOf))].join("; ");
    return error.name;
}
/**
 * What a person reads when an action fails. A `UserError` is only its clauses; anything else is ours to mend, so the
 * stack and the place to report it follow.
 */
function renderError(error) {
    const clauses = listClauses(error).join("\n  because: ");
    if (error instanceof _user_error_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .y)
        return clauses;
    const stack = error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : "";
    return `This is a fault in Mayfly, not in your workflow: ${clauses}${stack}\nReport it with this log: ${ISSUES}`;
}
/** The stable code of an error: `unexpected` for everything that is not a `UserError`. */
function codeOf(error) {
    return error instanceof _user_error_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .y ? error.code : "unexpected";
}


/***/ }),

/***/ 5708:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Jt: () => (/* binding */ flag),
/* harmony export */   Mn: () => (/* binding */ lines),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   Yq: () => (/* binding */ choice),
/* harmony export */   au: () => (/* binding */ quantity),
/* harmony export */   jJ: () => (/* binding */ Expected),
/* harmony export */   p0: () => (/* binding */ duration)
/* harmony export */ });
/* unused harmony exports pairs, secret */
/* harmony import */ var _duration_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2746);

/** Thrown by a reader: what was expected instead. The caller adds the input's name and the value. */
class Expected extends Error {
    name = "Expected";
}
/** A text on one line. */
function text(options) {
    const read = (value) => {
        if (/[\r\n]/.test(value))
            throw new Expected("a single line");
        if (options.pattern !== undefined && !options.pattern.test(value)) {
            throw new Expected(options.expected ?? `a text that matches ${options.pattern}`);
        }
        return value;
    };
    return { ...options, kind: "text", secret: false, emptyIsValue: false, read };
}
/** `true` or `false`, as YAML writes them; anything else is a mistake, not a truth. */
function flag(options) {
    const read = (value) => {
        if (/^true$/i.test(value))
            return true;
        if (/^false$/i.test(value))
            return false;
        throw new Expected("true or false");
    };
    return { ...options, kind: "flag", secret: false, emptyIsValue: false, read };
}
/** One of a closed list: the value's type is the union of the list. */
function choice(...choices) {
    return (options) => {
        const read = (value) => {
            if (!choices.includes(value))
                throw new Expected(`one of ${choices.join(", ")}`);
            return value;
        };
        return { ...options, kind: choices.join(" | "), secret: false, emptyIsValue: false, read };
    };
}
/** One value a line; blank lines and lines that begin with `#` do not count. An absent input is an empty list. */
function lines(options) {
    const read = (value) => {
        const found = splitLines(value);
        const odd = found.find((line) => options.pattern !== undefined && !options.pattern.test(line));
        if (odd !== undefined)
            throw new Expected(`${options.expected ?? options.pattern} on each line, not "${odd}"`);
        if (options.required && found.length === 0)
            throw new Expected("at least one line");
        return found;
    };
    return { ...options, kind: "lines", secret: false, emptyIsValue: true, read };
}
/** `key=value` lines; a value may hold more `=` signs. A key given twice is a mistake. */
function pairs(options) {
    const read = (value) => {
        const found = new Map();
        for (const line of splitLines(value)) {
            const [, key, content] = /^([^=\s]+)\s*=(.*)$/s.exec(line) ?? [];
            if (key === undefined || content === undefined)
                throw new Expected(`key=value on each line, not "${line}"`);
            if (found.has(key))
                throw new Expected(`each key once, but "${key}" stands twice`);
            found.set(key, content.trim());
        }
        return Object.fromEntries(found);
    };
    return { ...options, kind: "key=value lines", secret: false, emptyIsValue: true, read };
}
/** A span such as `90s`, `30m`, `8h`, `7d`: the value is in milliseconds. */
function duration(options) {
    const least = (0,_duration_js__WEBPACK_IMPORTED_MODULE_0__/* .parseDuration */ .E)(options.min ?? "0s") ?? 0;
    const most = options.max === undefined ? Number.MAX_SAFE_INTEGER : ((0,_duration_js__WEBPACK_IMPORTED_MODULE_0__/* .parseDuration */ .E)(options.max) ?? 0);
    const read = (value) => {
        const span = (0,_duration_js__WEBPACK_IMPORTED_MODULE_0__/* .parseDuration */ .E)(value);
        if (span === undefined)
            throw new Expected("a duration such as 90s, 30m, 8h, 1h30m or 7d");
        if (span < least)
            throw new Expected(`at least ${options.min}`);
        if (span > most)
            throw new Expected(`at most ${options.max}`);
        return span;
    };
    return { ...options, kind: "duration", secret: false, emptyIsValue: false, read };
}
/** A whole number of a unit, within bounds. */
function quantity(options) {
    const read = (value) => {
        const count = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
        if (!(count >= options.min && count <= options.max)) {
            throw new Expected(`a whole number of ${options.unit} from ${options.min} to ${options.max}`);
        }
        return count;
    };
    return { ...options, kind: `number (${options.unit})`, secret: false, emptyIsValue: false, read };
}
/** A text that is masked before anything can print it, and never quoted in a message. */
function secret(options) {
    return { ...options, kind: "secret", secret: true, emptyIsValue: false, read: (value) => value };
}
function splitLines(value) {
    const trimmed = value.split(/\r?\n/).map((line) => line.trim());
    return trimmed.filter((line) => line !== "" && !line.startsWith("#"));
}


/***/ }),

/***/ 3712:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  n: () => (/* binding */ start),
  V: () => (/* binding */ startPost)
});

// EXTERNAL MODULE: ./lib/kit/error-chain.js
var error_chain = __webpack_require__(4602);
// EXTERNAL MODULE: ./lib/kit/define-action.js
var define_action = __webpack_require__(3472);
// EXTERNAL MODULE: ./lib/kit/input.js
var kit_input = __webpack_require__(5708);
// EXTERNAL MODULE: ./lib/kit/user-error.js
var user_error = __webpack_require__(878);
;// CONCATENATED MODULE: ./lib/kit/read-inputs.js



/** The runner's name for an input: spaces become underscores, hyphens stay. */
function inputVariable(name) {
    return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}
/**
 * Every input of an action as a typed value, read from the runner's environment.
 *
 * GitHub does not enforce `required`, and gives an absent input as an empty text: both are settled here. Secrets go to
 * `mask` before they are looked at.
 *
 * @throws UserError `bad-input` that names every problem at once, each with the input's YAML name.
 */
function readInputs(spec, environment, mask) {
    const problems = [];
    const values = {};
    for (const [name, input] of Object.entries(spec.inputs)) {
        try {
            values[(0,define_action/* camelCase */.x)(name)] = readOne(name, input, environment, mask);
        }
        catch (error) {
            if (!(error instanceof kit_input/* Expected */.jJ))
                throw error;
            problems.push(`${name}: ${error.message}`);
        }
    }
    if (problems.length > 0)
        throw new user_error/* UserError */.y("bad-input", problems.join("\n"));
    return values;
}
function readOne(name, input, environment, mask) {
    const given = environment[inputVariable(name)]?.trim() ?? "";
    const fromEnv = input.env === undefined ? "" : (environment[input.env]?.trim() ?? "");
    const text = given || fromEnv || (input.default ?? "");
    if (input.secret && text !== "")
        mask(text);
    if (text === "" && input.required)
        throw new kit_input/* Expected */.jJ(`expected a value (${input.kind}), got nothing${hint(input)}`);
    if (text === "" && !input.emptyIsValue)
        return undefined;
    try {
        return input.read(text);
    }
    catch (error) {
        if (!(error instanceof kit_input/* Expected */.jJ))
            throw error;
        const source = given === "" && fromEnv !== "" ? ` (from ${input.env})` : "";
        throw new kit_input/* Expected */.jJ(`expected ${error.message}, got ${input.secret ? "a text that is kept secret" : quote(text)}${source}`);
    }
}
function hint(input) {
    const places = input.env === undefined ? "" : ` (neither as an input nor in ${input.env})`;
    return input.whenMissing === undefined ? places : `${places}; ${input.whenMissing}`;
}
function quote(text) {
    const short = text.length > 120 ? `${text.slice(0, 120)}…` : text;
    return JSON.stringify(short);
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 10 modules
var core = __webpack_require__(7264);
;// CONCATENATED MODULE: ./lib/kit/harmless.js
/**
 * A text from outside (tags, titles, answers of servers) that may stand in the log: the runner reads `::command::` at
 * the start of a line and `##[command]` anywhere in it, and a terminal obeys control characters.
 */
function harmless(text) {
    return (text
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed.
        .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => (character === "\r" ? "\n" : ""))
        .replace(/^(\s*):(?=:)/gm, "$1: ")
        .replaceAll("##[", "## ["));
}

;// CONCATENATED MODULE: ./lib/kit/annotation.js

/** Per step and level; what comes after is dropped by the platform without a word. */
const ANNOTATIONS_PER_LEVEL = 10;
/** Characters of one annotation; the rest is cut by the platform. */
const LONGEST_MESSAGE = 4096;
/** Annotations within the platform's budget of one step. `print` writes a plain log line. */
function createAnnotations(emit, print) {
    const used = { error: 0, warning: 0, notice: 0 };
    return {
        say: (level, message, place = {}) => {
            const safe = harmless(message);
            if (used[level] >= ANNOTATIONS_PER_LEVEL) {
                print(`${level}: ${place.title === undefined ? "" : `${harmless(place.title)}: `}${safe}`);
                return;
            }
            used[level] += 1;
            emit(level, cut(safe), place.title === undefined ? place : { ...place, title: harmless(place.title) });
        },
    };
}
function cut(message) {
    return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1).toWellFormed()}…`;
}

;// CONCATENATED MODULE: ./lib/kit/cancel.js
/** The runner sends SIGINT, SIGTERM 7.5 s later, SIGKILL 2.5 s after that. */
const SIGNALS = ["SIGINT", "SIGTERM"];
/**
 * A signal that aborts when the job is cancelled. From then on the process no longer dies of SIGINT and SIGTERM: the
 * action uses the seconds it has to write down the truth, then ends by itself.
 */
function watchCancel(process) {
    const controller = new AbortController();
    for (const signal of SIGNALS) {
        process.on(signal, () => controller.abort(new Error(`cancelled by ${signal}`)));
    }
    return controller.signal;
}
/**
 * Waits, or returns early when `signal` aborts. It never throws: who waits looks at the signal itself.
 *
 * @param milliseconds may be longer than a timer can be (24.8 days); it is cut to that.
 */
function sleep(milliseconds, signal) {
    const LONGEST_TIMER_MS = 2_147_483_647;
    return new Promise((resolve) => {
        if (signal?.aborted) {
            resolve();
            return;
        }
        const done = () => {
            clearTimeout(timer);
            signal?.removeEventListener("abort", done);
            resolve();
        };
        const timer = setTimeout(done, Math.min(Math.max(0, milliseconds), LONGEST_TIMER_MS));
        signal?.addEventListener("abort", done, { once: true });
    });
}

;// CONCATENATED MODULE: ./lib/kit/masking.js
/** Shorter parts would blank out ordinary words and tell more than they hide. */
const SHORTEST_PART = 4;
/** Base64 cut to what does not depend on its neighbours must still be long enough to mean this secret. */
const SHORTEST_CUT = 8;
/** The forms in which a secret can turn up in a text: as it is, encoded, and line by line. */
function listForms(secret) {
    const whole = secret.trim();
    const parts = whole.split(/[\r\n]+/).map((line) => line.trim());
    const values = [whole, ...parts.filter((line) => line.length >= SHORTEST_PART)];
    return [...new Set(values.flatMap(encodeForms))].filter((form) => form !== "");
}
function encodeForms(value) {
    const base64 = [Buffer.from(value).toString("base64"), ...cutBase64(value)];
    return [
        value,
        JSON.stringify(value).slice(1, -1),
        encodeURIComponent(value.toWellFormed()),
        ...base64,
        ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
    ];
}
/**
 * What Base64 makes of a secret inside a longer text, as in `user:password` of a docker configuration: three forms, by
 * how many bytes come before, each without the characters that its neighbours share.
 */
function cutBase64(value) {
    const bytes = Buffer.from(value);
    const cuts = [0, 1, 2].map((skipped) => {
        const whole = bytes.subarray(skipped);
        return whole.subarray(0, whole.length - (whole.length % 3)).toString("base64");
    });
    return cuts.filter((form) => form.length >= SHORTEST_CUT);
}
/** A redactor that knows nothing yet. Forms that overlap are covered together: no half of a secret is left standing. */
function createRedactor() {
    const forms = new Set();
    return {
        add: (secret) => {
            for (const form of listForms(secret))
                forms.add(form);
        },
        redact: (text) => cover(text, forms),
    };
}
function cover(text, forms) {
    const found = [];
    for (const form of forms) {
        for (let from = text.indexOf(form); from >= 0; from = text.indexOf(form, from + 1)) {
            found.push({ from, to: from + form.length });
        }
    }
    let clean = "";
    let done = 0;
    for (const { from, to } of found.sort((a, b) => a.from - b.from)) {
        // A find that only touches or overlaps the one before is part of its stars.
        if (from > done || done === 0)
            clean += `${text.slice(done, from)}***`;
        done = Math.max(done, to);
    }
    return clean + text.slice(done);
}

;// CONCATENATED MODULE: ./lib/kit/runner.js






const EMIT = { error: core/* error */.z3, warning: core/* warning */.$e, notice: core/* notice */.lm };
/** The real runner. This file and start.ts are the only ones that touch it. */
function connectRunner(process) {
    const redactor = createRedactor();
    const cancelled = watchCancel(process);
    const info = (line) => core/* info */.pq(harmless(line));
    const annotations = createAnnotations((level, message, { title, file, line }) => {
        const place = {
            ...(title === undefined ? {} : { title }),
            ...(file === undefined ? {} : { file }),
            ...(line === undefined ? {} : { startLine: line }),
        };
        EMIT[level](message, place);
    }, info);
    return {
        log: {
            info,
            debug: (line) => core/* debug */.Yz(line),
            notice: (message, place) => annotations.say("notice", message, place),
            warning: (message, place) => annotations.say("warning", message, place),
            error: (message, place) => annotations.say("error", message, place),
            group: (title, work) => core/* group */.Os(harmless(title), work),
        },
        environment: process.env,
        cancelled,
        tempFolder: process.env["RUNNER_TEMP"] || (0,external_node_os_.tmpdir)(),
        now: () => new Date(),
        monotonic: () => performance.now(),
        sleep: (milliseconds) => sleep(milliseconds, cancelled),
        mask: (secret) => {
            redactor.add(secret);
            for (const form of listForms(secret))
                core/* setSecret */.Pq(form);
        },
        redact: redactor.redact,
        idToken: (audience) => core/* getIDToken */.V9(audience),
        exportVariable: (name, value) => core/* exportVariable */.dN(name, value),
        setOutput: (name, value) => core/* setOutput */.uH(name, value),
        summarize: async (markdown) => {
            // Without the variable there is no page to write to, as in a shell on a laptop.
            if (process.env["GITHUB_STEP_SUMMARY"])
                await core/* summary */.z.addRaw(redactor.redact(markdown), true).write();
        },
        saveState: (name, value) => core/* saveState */.LZ(name, value),
        state: (name) => core/* getState */.Gu(name),
    };
}

;// CONCATENATED MODULE: ./lib/kit/start.js



/**
 * Runs an action's main stage: reads its inputs, runs it, writes its outputs, and turns whatever was thrown into one
 * annotation and exit code 1.
 */
async function start(action) {
    const runner = connectRunner(process);
    try {
        const inputs = readInputs(action.spec, runner.environment, runner.mask);
        const result = await action.run(inputs, action.connect(runner, inputs));
        writeOutputs(action.spec, result, runner);
        if (result.failure !== undefined)
            throw result.failure;
    }
    catch (error) {
        report(error, runner, `${action.spec.name} failed`);
    }
}
/** Runs an action's post stage. It cleans up: a fault there is a warning, it never turns a green job red. */
async function startPost(name, post) {
    const runner = connectRunner(process);
    try {
        await post(runner);
    }
    catch (error) {
        runner.log.warning(runner.redact((0,error_chain/* renderError */.vr)(error)), { title: `${name}: clean-up was not finished` });
    }
}
function writeOutputs(spec, result, runner) {
    const values = result.outputs;
    for (const name of Object.keys(spec.outputs)) {
        const value = values[name];
        if (value !== undefined)
            runner.setOutput(name, String(value));
    }
}
function report(error, runner, title) {
    // First: whatever fails below, the step must not turn green.
    process.exitCode = 1;
    const place = error !== null && typeof error === "object" ? error : {};
    runner.log.error(runner.redact((0,error_chain/* renderError */.vr)(error)), { title, file: place.file, line: place.line });
    runner.setOutput("error-code", (0,error_chain/* codeOf */.$N)(error));
}


/***/ }),

/***/ 878:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   y: () => (/* binding */ UserError)
/* harmony export */ });
/**
 * Something the user can mend: shown as it is, without a stack.
 *
 * The message says what happened, then what to do. `code` is stable: workflows branch on the output `error-code`,
 * and docs/troubleshooting.md has an entry for each. Texts may change, codes may not.
 */
class UserError extends Error {
    name = "UserError";
    code;
    file;
    line;
    constructor(code, message, options = {}) {
        super(message, options.cause === undefined ? {} : { cause: options.cause });
        this.code = code;
        this.file = options.file;
        this.line = options.line;
    }
}


/***/ })

};
