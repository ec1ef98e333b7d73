// The shop's side of the chat: buttons that open it, and its basket.
const chat = document.querySelector("rapport-chat");

for (const button of document.querySelectorAll("[data-chat]")) {
  button.addEventListener("click", async () => {
    await chat.open();
    if (button.dataset.chat) await chat.send(button.dataset.chat);
  });
}

chat.addEventListener("rapport-card", async ({ detail }) => {
  if (detail.event !== "cart") return;
  const body = new URLSearchParams({ sku: detail.card.sku });
  const answer = await fetch("/basket?from=chat", { method: "POST", body });
  if (!answer.ok) return;
  const { pieces } = await answer.json();
  const count = document.querySelector("[data-pieces]");
  count.textContent = pieces;
  count.hidden = false;
});

// Who signs out, or signs in as somebody else, leaves no talk behind for the next person: the gateway sees to it by the token.
document.addEventListener("click", ({ target }) => {
  for (const open of document.querySelectorAll("details.account[open]")) if (!open.contains(target)) open.open = false;
});
