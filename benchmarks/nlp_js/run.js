// Train nlp.js on a set and let it judge texts: node run.js QUESTION.json ANSWER.json
//
// The question holds `language`, `train` (texts, intents), `judge` (texts) and `settings` of its neural network; the
// answer the likeliest intent of each text, its score and the median time. nlp.js's own class "None" is passed over:
// a text that it gives nothing else for counts as understood with certainty 0.
const { readFileSync, writeFileSync } = require('fs');
const { containerBootstrap } = require('@nlpjs/core');
const { Nlp } = require('@nlpjs/nlp');
const { LangEn } = require('@nlpjs/lang-en');
const { LangZh } = require('@nlpjs/lang-zh');

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function trained({ language, train, settings }) {
  const container = await containerBootstrap();
  container.use(Nlp);
  container.use(LangEn);
  container.use(LangZh);
  const nlp = container.get('nlp');
  nlp.settings.autoSave = false;
  nlp.settings.log = false;
  nlp.useNlu('NeuralNlu', language, '*', { log: false, ...settings });
  nlp.addLanguage(language);
  train.texts.forEach((text, row) => nlp.addDocument(language, text, train.intents[row]));
  await nlp.train();
  return nlp;
}

async function main([question, answer]) {
  const asked = JSON.parse(readFileSync(question, 'utf8'));
  const started = performance.now();
  const nlp = await trained(asked);
  const result = { train_seconds: (performance.now() - started) / 1000, understood: [], confidence: [] };
  const milliseconds = [];
  for (const text of asked.judge) {
    const begun = performance.now();
    const { classifications } = await nlp.process(asked.language, text);
    milliseconds.push(performance.now() - begun);
    const best = classifications.find(({ intent }) => intent !== 'None');
    result.understood.push(best ? best.intent : '');
    result.confidence.push(best ? best.score : 0);
  }
  writeFileSync(answer, JSON.stringify({ ...result, p50_ms: median(milliseconds) }));
}

main(process.argv.slice(2));
