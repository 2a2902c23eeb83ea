// Writes the first mail to a lead.
import { complete } from "../llm/gateway.js";

export async function subject(lead, budget) {
  return complete([{ role: "user", content: `A subject for ${lead.name}` }], budget);
}

export async function body(lead) {
  const answer = await fetch("https://api.openai.com/v1/chat/completions", { method: "POST", body: lead.notes });
  return answer.json();
}
