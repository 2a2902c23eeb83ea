// The one place that calls a provider of language models: it counts what is spent and waits where a limit is near.
const PROVIDER = "https://api.openai.com/v1/chat/completions";

export async function complete(messages, budget) {
  await budget.take(messages);
  const answer = await fetch(PROVIDER, { method: "POST", body: JSON.stringify({ messages }) });
  return answer.json();
}
