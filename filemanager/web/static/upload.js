// Sends files and folders in pieces, as one batch: an upload that broke off goes on when the same
// files are chosen again, be it in another window. Without this script the form below does.
import { Dashboard, Tus, Uppy } from "./vendor/uppy.js";

const ACCEPTED = 202;
const ASKED_EVERY_MS = 1000;
const TOLD_EVERY_MS = 5000;
const RENEWED_BEFORE_MS = 60_000;
const CHUNK_BYTES = 8 << 20;

// What the uploader itself says, by the language of the page; English is built in.
const LOCALES = { de: () => import("./vendor/uppy.de.js") };

// What the API refuses, in its English, and of which file.
class Refused extends Error {
  constructor(message, path = "") {
    super(message);
    this.path = path;
  }
}

async function answered(response) {
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Refused(problem.detail ?? response.statusText);
}

// Tokens for the API, each as long as it is good: the cookie of the page opens none of it.
class Tokens {
  #form;
  #known = null;

  constructor(form) {
    this.#form = form;
  }

  async get() {
    if (!this.#known || this.#known.ends - Date.now() < RENEWED_BEFORE_MS) {
      this.#known = await this.#renewed();
    }
    return this.#known.token;
  }

  async #renewed() {
    const { tokens, workspace } = this.#form.dataset;
    const body = new URLSearchParams({ csrf: this.#form.elements.csrf.value, workspace });
    const headers = { Accept: "application/json" };
    const given = await answered(await fetch(tokens, { method: "POST", body, headers }));
    return { token: given.token, ends: Date.parse(given.expires_at) };
  }
}

// The batch that files go into until it is received, whatever becomes of this window. Each page that
// takes files has one of its own.
class Batch {
  #key;

  constructor(page) {
    this.#key = `filemanager-batch-${page}`;
    this.id = localStorage.getItem(this.#key) ?? crypto.randomUUID();
    this.isOld = localStorage.getItem(this.#key) !== null;
  }

  begin() {
    localStorage.setItem(this.#key, this.id);
  }

  // What comes next goes into another.
  end() {
    localStorage.removeItem(this.#key);
    this.id = crypto.randomUUID();
  }
}

// What became of the job of a batch, for a guest, who sees the batch alone. Refused by the state of
// things its uploads are no longer on their way, and can be received later.
function jobOf(uploads) {
  if (uploads.some(({ state }) => state === "receiving")) return { state: "running" };
  const failed = uploads.find(({ state }) => state !== "received");
  return failed ? { state: "failed", error: failed.error } : { state: "done" };
}

class Uploader {
  #form;
  #batch;
  #tokens;
  #status;
  #toldAt = 0;

  // A guest has no token: the address of the page is all it takes.
  constructor(form) {
    this.#form = form;
    this.#batch = new Batch(location.pathname);
    this.#tokens = form.dataset.tokens ? new Tokens(form) : null;
    this.#status = document.createElement("p");
    this.#status.setAttribute("role", "status");
  }

  // It takes the place of the plain fields, below their heading, which links lead to; how files are
  // to be taken is still said in the form.
  #placed() {
    const place = document.createElement("div");
    place.id = "uploader";
    const heading = this.#form.querySelector("h2");
    heading.id = this.#form.id;
    heading.tabIndex = -1;
    this.#form.removeAttribute("id");
    this.#form.before(heading, place, this.#status);
    for (const plain of this.#form.querySelectorAll(".plain")) plain.hidden = true;
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    return place;
  }

  async start() {
    const place = this.#placed();
    const spoken = await LOCALES[document.documentElement.lang]?.();
    const uppy = this.#uppy(place, spoken?.locale);
    uppy.on("upload", () => {
      this.#batch.begin();
      this.#choose(uppy);
    });
    uppy.on("progress", (percent) => this.#tell(percent));
    uppy.on("complete", (result) => this.#completed(uppy, result));
    if (this.#batch.isOld) this.#say(this.#form.dataset.unfinished);
    document.documentElement.dataset.uploader = "ready";
  }

  #uppy(place, locale) {
    const { tus } = this.#form.dataset;
    return new Uppy({ id: this.#batch.id, autoProceed: false, locale })
      .use(Dashboard, {
        inline: true,
        target: place,
        width: "100%",
        height: 320,
        theme: "auto",
        fileManagerSelectionType: "both",
        proudlyDisplayPoweredByUppy: false,
        disableThumbnailGenerator: true,
        showProgressDetails: true,
        doneButtonHandler: null,
      })
      .use(Tus, {
        endpoint: new URL(tus, location.href).href,
        chunkSize: CHUNK_BYTES,
        limit: 4,
        removeFingerprintOnSuccess: false,
        onBeforeRequest: async (request) => {
          const headers = await this.#authorization();
          for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
        },
      });
  }

  // Where the files go, and what the form says beside them: of what it does not say no word is sent.
  #choose(uppy) {
    const { ancillary, directory, unpack } = this.#form.elements;
    const { workspace } = this.#form.dataset;
    const chosen = { ...(workspace && { workspace }), batch: this.#batch.id };
    if (ancillary?.checked) chosen.ancillary = "true";
    if (unpack.value) chosen.unpack = String(unpack.value === "unpack");
    uppy.setMeta(chosen);
    const place = (directory?.value ?? "").trim().replace(/^\/+|\/+$/g, "");
    for (const { id, name, meta } of uppy.getFiles()) {
      const path = meta.chosenPath ?? meta.relativePath ?? name;
      const relativePath = place ? `${place}/${path}` : path;
      uppy.setFileMeta(id, { chosenPath: path, relativePath });
    }
    const allowedMetaFields = ["name", "relativePath", ...Object.keys(chosen)];
    uppy.getPlugin("Tus").setOptions({ allowedMetaFields });
  }

  #tell(percent) {
    if (Date.now() - this.#toldAt < TOLD_EVERY_MS) return;
    this.#toldAt = Date.now();
    this.#say(`${percent} %`);
  }

  #say(text, language = document.documentElement.lang) {
    this.#status.lang = language;
    this.#status.textContent = text;
  }

  // In the language of the page, as far as it is known there.
  async #sayRefused({ message, path }) {
    const asked = `${this.#form.dataset.said}?${new URLSearchParams({ text: message })}`;
    const told = await fetch(asked).then(answered).catch(() => ({ text: message, language: "en" }));
    this.#say(path ? `${path}: ${told.text}` : told.text, told.language);
  }

  async #uploads() {
    const { batches } = this.#form.dataset;
    return (await answered(await this.#ask("GET", `${batches}/${this.#batch.id}`))).uploads;
  }

  async #isRefused() {
    return (await this.#uploads()).some(({ state }) => state === "refused");
  }

  // A browser that was killed forgets what it stored last: what it began of a file that was sent
  // anew would keep the batch from being whole.
  async #giveUpForgotten(successful) {
    const ids = new Set(successful.map(({ uploadURL }) => uploadURL.split("/").pop()));
    const paths = new Set(successful.map(({ meta }) => meta.relativePath));
    for (const { id, path } of await this.#uploads()) {
      if (ids.has(id) || !paths.has(path)) continue;
      await this.#ask("DELETE", `${this.#form.dataset.tus}/${id}`, { "Tus-Resumable": "1.0.0" });
    }
  }

  async #completed(uppy, { successful, failed }) {
    if (failed.length || !successful.length) {
      this.#say(this.#form.dataset.failed);
      return;
    }
    this.#say(this.#form.dataset.receiving);
    try {
      await this.#giveUpForgotten(successful);
      await this.#receive();
    } catch (error) {
      if (error instanceof Refused) await this.#sayRefused(error);
      else this.#say(this.#form.dataset.failed);
      if (await this.#isRefused().catch(() => false)) {
        // Nothing more can come of it: the same batch would be refused for ever.
        this.#batch.end();
        uppy.clear();
      }
      return;
    }
    this.#batch.end();
    const done = new URLSearchParams({ done: "uploaded", added: successful.length });
    location.assign(`${location.pathname}?${done}`);
  }

  // All of it or nothing. A large batch becomes a job, which is asked about until it ends.
  async #receive() {
    const { batches } = this.#form.dataset;
    const response = await this.#ask("POST", `${batches}/${this.#batch.id}:receive`);
    const told = await answered(response);
    if (response.status === ACCEPTED) {
      await this.#ended(new URL(response.headers.get("Location"), response.url));
      return;
    }
    const refused = told.uploads.find((upload) => upload.error);
    if (refused) throw new Refused(refused.error.detail, refused.path);
  }

  async #ended(job) {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, ASKED_EVERY_MS));
      const told = await answered(await this.#ask("GET", job));
      const { state, error } = told.uploads ? jobOf(told.uploads) : told;
      if (state === "failed") throw error ? new Refused(error.detail) : new Error(state);
      if (state === "done") return;
    }
  }

  async #ask(method, url, said = {}) {
    const headers = { Accept: "application/json", ...said, ...(await this.#authorization()) };
    return fetch(url, { method, headers });
  }

  async #authorization() {
    return this.#tokens ? { Authorization: await this.#tokens.get() } : {};
  }
}

const form = document.querySelector("form[data-tus]");
if (form) new Uploader(form).start();
