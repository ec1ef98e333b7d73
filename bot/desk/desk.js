// What of the desk happens in the browser alone: drafts, scrolling, alerts, and which column a small screen shows.
"use strict";
const rapportDesk = (() => {
  const drafts = new Map();
  let current = null;
  let atEnd = true;
  const box = () => document.querySelector(".compose-box");
  const log = () => document.querySelector(".log");

  document.addEventListener("scroll", (event) => {
    const view = event.target;
    if (view === log()) atEnd = view.scrollHeight - view.scrollTop - view.clientHeight < 60;
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
    take(send) {
      const words = box().value;
      if (!words.trim() || box().disabled) return;
      send(words);
      box().value = "";
    },
    /** Put words back that could not be sent. */
    restore(words) { if (!box().value) box().value = words; },
    /** Keep one conversation's draft and bring the other's. */
    swap(next) {
      if (current) drafts.set(current, box().value);
      current = next;
      box().value = drafts.get(next) || "";
    },
    /** Scroll to the newest message, unless somebody is reading further up. */
    follow(always) {
      if (always) atEnd = true;
      if (atEnd) setTimeout(() => log()?.scrollTo({ top: log().scrollHeight }), 60);
    },
    focus() { setTimeout(() => box()?.focus(), 120); },
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
