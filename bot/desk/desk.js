// What of the desk happens in the browser alone: drafts, scrolling, alerts, and which column a small screen shows.
"use strict";
const rapportDesk = (() => {
  const drafts = new Map();
  let current = null;
  let atEnd = true;
  const boxes = [".compose-box", ".note-box"];
  const box = (which = ".compose-box") => document.querySelector(which);
  const log = () => document.querySelector(".log");

  document.addEventListener("scroll", (event) => {
    const view = event.target;
    if (view === log()) atEnd = view.scrollHeight - view.scrollTop - view.clientHeight < 60;
  }, true);

  document.addEventListener("load", (event) => { // a picture has got its height
    if (atEnd && log()?.contains(event.target)) log().scrollTo({ top: log().scrollHeight });
  }, true);

  function beep() {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    volume.gain.setValueAtTime(0.08, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
    tone.frequency.value = 660;
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.4);
    tone.onended = () => audio.close();
  }

  return {
    /** Hand over what was written and empty the box. */
    take(send, which) {
      const words = box(which).value;
      if (!words.trim() || box(which).disabled) return;
      send(words);
      box(which).value = "";
    },
    /** Upload the chosen file for the conversation that is shown, and hand over how it is kept; nothing where it is not taken. */
    async upload(field, send) {
      const [file] = field.files;
      field.value = "";
      if (!file || !current) return;
      const address = `/desk/attachments?conversation=${current}&name=${encodeURIComponent(file.name)}`;
      const answer = await fetch(address, { method: "POST", body: file }).catch(() => null);
      send(answer?.ok ? await answer.json() : {});
    },
    /** Put words back that could not be sent. */
    restore(words, which) { if (!box(which).value) box(which).value = words; },
    /** Put a ready text into the box, behind what is there, with the first masked place chosen. */
    put(words) {
      const reply = box();
      const before = reply.value.trim() ? `${reply.value.trimEnd()}\n` : "";
      reply.value = before + words;
      reply.dispatchEvent(new Event("input", { bubbles: true }));
      const masked = words.indexOf("***");
      setTimeout(() => {
        reply.focus();
        if (masked >= 0) reply.setSelectionRange(before.length + masked, before.length + masked + 3);
        else reply.setSelectionRange(reply.value.length, reply.value.length);
      }, 60);
    },
    /** Keep one conversation's drafts, reply and note, and bring the other's. */
    swap(next) {
      if (current) drafts.set(current, boxes.map((which) => box(which).value));
      current = next;
      boxes.forEach((which, place) => { box(which).value = drafts.get(next)?.[place] || ""; });
    },
    /** Scroll to the newest message, unless somebody is reading further up. */
    follow(always) {
      if (always) atEnd = true;
      if (atEnd) setTimeout(() => log()?.scrollTo({ top: log().scrollHeight }), 60);
    },
    /** Go to the box that is shown: for the reply or for the note. */
    focus() { setTimeout(() => boxes.map((which) => box(which)).find((one) => one?.offsetParent)?.focus(), 120); },
    show(column) { document.querySelector(".desk").dataset.show = column; },
    count(waiting) { document.title = (waiting ? `(${waiting}) ` : "") + document.title.replace(/^\(\d+\) /, ""); },
    allowAlerts() {
      if ("Notification" in window) Notification.requestPermission();
      document.body.classList.add("alerts-on");
      beep();
    },
    alert(title, words) {
      if (navigator.userActivation?.hasBeenActive) beep();
      if ("Notification" in window && Notification.permission === "granted" && document.hidden) {
        new Notification(title, { body: words, tag: "rapport-desk" }).onclick = () => window.focus();
      }
    },
  };
})();
