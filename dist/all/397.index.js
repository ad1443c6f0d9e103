export const id = 397;
export const ids = [397];
export const modules = {

/***/ 6720:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ removeAzFolder),
/* harmony export */   n: () => (/* binding */ loginAz)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6760);



const PREFIX = "mayfly-az-";
async function loginAz(options) {
    const az = await options.commands.find("az");
    if (az === undefined)
        return undefined;
    const folder = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.mkdtemp)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(options.tempFolder, PREFIX));
    options.onFolder(folder);
    const call = (parameters) => options.commands.run(az, [...parameters, "--only-show-errors", "--output", "json"], {
        AZURE_CONFIG_DIR: folder,
        AZURE_CORE_COLLECT_TELEMETRY: "no",
        AZURE_CORE_LOGIN_EXPERIENCE_V2: "off",
    });
    for (const [step, parameters] of listCloudSteps(options.cloud)) {
        const outcome = await call(parameters);
        if (outcome.exitCode !== 0)
            return fail(step, outcome);
    }
    const login = await withTokenFile(folder, options.idToken, (file) => call(renderLogin(options, file)));
    if (login.exitCode !== 0)
        return fail("az login", login);
    const { subscriptionId } = options;
    if (subscriptionId !== undefined && !isDefault(login.stdout, subscriptionId)) {
        const outcome = await call(["account", "set", "--subscription", subscriptionId]);
        if (outcome.exitCode !== 0)
            return fail("az account set", outcome);
    }
    return { kind: "in", configFolder: folder };
}
function fail(step, outcome) {
    return { kind: "failed", step, said: outcome.stderr.trim() || `exit code ${outcome.exitCode}` };
}
function listCloudSteps(cloud) {
    if (cloud.azCloudName === "AzureCloud")
        return [];
    if (cloud.azCloudName !== undefined)
        return [["az cloud set", ["cloud", "set", "--name", cloud.azCloudName]]];
    const endpoints = [
        ["--endpoint-active-directory", cloud.authorityHost],
        ["--endpoint-resource-manager", `${cloud.resourceManager}/`],
        ["--endpoint-active-directory-resource-id", `${cloud.resourceManager}/`],
    ];
    return [
        ["az cloud register", ["cloud", "register", "--name", "Mayfly", ...endpoints.flat()]],
        ["az cloud set", ["cloud", "set", "--name", "Mayfly"]],
    ];
}
function renderLogin(login, tokenFile) {
    return [
        ...["login", "--service-principal", "--username", login.clientId, "--tenant", login.tenantId],
        ...["--federated-token", `@${tokenFile}`],
        ...(login.subscriptionId === undefined ? ["--allow-no-subscriptions"] : []),
    ];
}
async function withTokenFile(folder, idToken, use) {
    const token = await idToken();
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(folder, "assertion");
    const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(path, node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_WRONLY | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_CREAT | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_EXCL | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_NOFOLLOW, 0o600);
    try {
        await file.writeFile(token).finally(() => file.close());
        return await use(path);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(path, { force: true });
    }
}
function isDefault(stdout, subscriptionId) {
    try {
        const accounts = JSON.parse(stdout);
        const same = (id) => String(id).toLowerCase() === subscriptionId.toLowerCase();
        return Array.isArray(accounts) && accounts.some((account) => account?.isDefault === true && same(account?.id));
    }
    catch {
        return false;
    }
}
async function removeAzFolder(folder, tempFolder) {
    if (!(0,node_path__WEBPACK_IMPORTED_MODULE_2__.isAbsolute)(folder) || !(0,node_path__WEBPACK_IMPORTED_MODULE_2__.basename)(folder).startsWith(PREFIX))
        return `${folder} is not a folder that azure-login makes`;
    const found = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.lstat)(folder).catch(() => undefined);
    if (found === undefined)
        return undefined;
    if (!found.isDirectory())
        return `${folder} is not a folder any more`;
    if ((await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(folder))) !== (await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(tempFolder)))
        return `${folder} is outside ${tempFolder}`;
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.rm)(folder, { recursive: true, force: true, maxRetries: 3 });
    return undefined;
}


/***/ }),

/***/ 114:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   n: () => (/* binding */ cleanUp)
/* harmony export */ });
/* harmony import */ var _az_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6720);
/* harmony import */ var _state_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5046);


async function cleanUp(runner) {
    const folder = runner.state(_state_js__WEBPACK_IMPORTED_MODULE_1__/* .AZ_FOLDER */ .t);
    if (folder === "")
        return;
    const left = await (0,_az_js__WEBPACK_IMPORTED_MODULE_0__/* .removeAzFolder */ .W)(folder, runner.tempFolder);
    if (left === undefined)
        runner.log.info(`Removed ${folder}`);
    else
        runner.log.warning(`Left in place: ${left}.`, { title: "Azure login: clean-up was not finished" });
}


/***/ }),

/***/ 397:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _kit_start_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3712);
/* harmony import */ var _clean_up_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(114);


await (0,_kit_start_js__WEBPACK_IMPORTED_MODULE_0__/* .startPost */ .V)("Azure login", _clean_up_js__WEBPACK_IMPORTED_MODULE_1__/* .cleanUp */ .n);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 5046:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ AZ_FOLDER)
/* harmony export */ });
const AZ_FOLDER = "az-folder";


/***/ }),

/***/ 3472:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ defineAction),
/* harmony export */   x: () => (/* binding */ camelCase)
/* harmony export */ });
const ERROR_CODE = "Why the action failed, as a stable code (see docs/troubleshooting.md); empty when it did not.";
function defineAction(spec) {
    return { ...spec, outputs: { ...spec.outputs, "error-code": ERROR_CODE } };
}
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
function renderDuration(milliseconds) {
    let rest = Math.round(Math.abs(milliseconds) / 1000) * 1000;
    const parts = [];
    for (const unit of ["d", "h", "m", "s"]) {
        const count = Math.floor(rest / UNIT_MS[unit]);
        rest -= count * UNIT_MS[unit];
        if (count > 0)
            parts.push(`${count}${unit}`);
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
function listClauses(error) {
    const clauses = [];
    let current = error;
    for (let depth = 0; depth < LONGEST_CHAIN && current !== undefined && current !== null; depth += 1) {
        const clause = clauseOf(current);
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
    if (error instanceof AggregateError)
        return [...new Set(error.errors.map(clauseOf))].join("; ");
    return error.name;
}
function renderError(error) {
    const clauses = listClauses(error).join("\n  because: ");
    if (error instanceof _user_error_js__WEBPACK_IMPORTED_MODULE_1__/* .UserError */ .y)
        return clauses;
    const stack = error instanceof Error && error.stack !== undefined ? `\n${error.stack}` : "";
    return `This is a fault in Mayfly, not in your workflow: ${clauses}${stack}\nReport it with this log: ${ISSUES}`;
}
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

class Expected extends Error {
    name = "Expected";
}
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



function inputVariable(name) {
    return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}
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
function harmless(text) {
    return (text
        .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => (character === "\r" ? "\n" : ""))
        .replace(/^(\s*):(?=:)/gm, "$1: ")
        .replaceAll("##[", "## ["));
}

;// CONCATENATED MODULE: ./lib/kit/annotation.js

const ANNOTATIONS_PER_LEVEL = 10;
const LONGEST_MESSAGE = 4096;
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
const SIGNALS = ["SIGINT", "SIGTERM"];
function watchCancel(process) {
    const controller = new AbortController();
    for (const signal of SIGNALS) {
        process.on(signal, () => controller.abort(new Error(`cancelled by ${signal}`)));
    }
    return controller.signal;
}
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
const SHORTEST_PART = 4;
const SHORTEST_CUT = 8;
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
function cutBase64(value) {
    const bytes = Buffer.from(value);
    const cuts = [0, 1, 2].map((skipped) => {
        const whole = bytes.subarray(skipped);
        return whole.subarray(0, whole.length - (whole.length % 3)).toString("base64");
    });
    return cuts.filter((form) => form.length >= SHORTEST_CUT);
}
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
        if (from > done || done === 0)
            clean += `${text.slice(done, from)}***`;
        done = Math.max(done, to);
    }
    return clean + text.slice(done);
}

;// CONCATENATED MODULE: ./lib/kit/runner.js






const EMIT = { error: core/* error */.z3, warning: core/* warning */.$e, notice: core/* notice */.lm };
function connectRunner(process) {
    const redactor = createRedactor();
    const masked = new Set();
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
            if (masked.has(secret))
                return;
            masked.add(secret);
            redactor.add(secret);
            for (const form of listForms(secret))
                core/* setSecret */.Pq(form);
        },
        redact: redactor.redact,
        idToken: (audience) => core/* getIDToken */.V9(audience),
        exportVariable: (name, value) => core/* exportVariable */.dN(name, value),
        setOutput: (name, value) => core/* setOutput */.uH(name, value),
        summarize: async (markdown) => {
            if (process.env["GITHUB_STEP_SUMMARY"])
                await core/* summary */.z.addRaw(redactor.redact(markdown), true).write();
        },
        saveState: (name, value) => core/* saveState */.LZ(name, value),
        state: (name) => core/* getState */.Gu(name),
    };
}

;// CONCATENATED MODULE: ./lib/kit/start.js



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
