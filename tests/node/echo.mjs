// An ordinary grammY bot: polls the server it is told of until its stdin ends.
import { Bot, InlineKeyboard, InputFile, Keyboard } from "grammy";

const root = process.env.API_ROOT;
const token = process.env.BOT_TOKEN;
const commands = JSON.parse(process.env.COMMANDS);
const pixel = Buffer.from(process.env.PIXEL, "hex");
const bot = new Bot(token, { client: { apiRoot: root } });

const counter = (count) => new InlineKeyboard().text(`Count: ${count}`, String(count));

bot.command("start", (ctx) => ctx.reply(`Hello ${ctx.from.first_name}, you come ${ctx.match}`, { reply_markup: counter(0) }));
bot.command("drinks", (ctx) => ctx.reply("Which drink?", { reply_markup: new Keyboard().text("Tea").text("Coffee").resized() }));
bot.command("picture", (ctx) => ctx.replyWithPhoto(new InputFile(pixel, "pixel.png"), { caption: "A <i>pixel</i>", parse_mode: "HTML" }));
bot.hears(["Tea", "Coffee"], (ctx) => ctx.reply(`${ctx.msg.text} it is`, { reply_markup: { remove_keyboard: true } }));

bot.on("callback_query:data", async (ctx) => {
  const count = Number(ctx.callbackQuery.data) + 1;
  if (count > 1) return ctx.answerCallbackQuery({ text: "That is enough", show_alert: true });
  await ctx.answerCallbackQuery(`Counted to ${count}`);
  await ctx.editMessageText(`Counted to ${count}`, { reply_markup: counter(count) });
});

bot.on("message:document", async (ctx) => {
  const file = await ctx.getFile();
  const answer = await fetch(`${root}/file/bot${token}/${file.file_path}`);
  const content = Buffer.from(await answer.arrayBuffer());
  await ctx.replyWithDocument(new InputFile(content.reverse(), "reversed.txt"), { caption: `${content.length} bytes` });
});

bot.on("message:text", (ctx) =>
  ctx.reply(ctx.msg.text, {
    reply_parameters: { message_id: ctx.msg.message_id },
    entities: [{ type: "bold", offset: 0, length: ctx.msg.text.length }],
  }),
);

process.stdin.resume();
process.stdin.on("end", () => bot.stop());
await bot.api.setMyCommands(commands);
await bot.start({ onStart: () => console.log("polling") });
