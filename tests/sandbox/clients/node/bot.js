// The bot of this folder's tests on discord.js. Arguments: sandbox URL, gateway URL (not needed).
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  Events,
  GatewayIntentBits,
  SlashCommandBuilder,
} from "discord.js";

const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  rest: { api: `${process.argv[2]}/api`, version: "10" },
});

client.once(Events.ClientReady, async () => {
  const echo = new SlashCommandBuilder()
    .setName("echo")
    .setDescription("Say it again")
    .addStringOption((option) =>
      option.setName("text").setDescription("What").setRequired(true),
    );
  await client.application.commands.set([echo]);
  console.log("ready");
});

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) {
    const text = interaction.options.getString("text");
    const button = new ButtonBuilder()
      .setCustomId("press")
      .setLabel("Press me")
      .setStyle(ButtonStyle.Primary);
    await interaction.deferReply();
    await interaction.editReply({
      content: `edited: ${text}`,
      components: [new ActionRowBuilder().addComponents(button)],
    });
    await interaction.followUp(`follow-up: ${text}`);
  } else if (interaction.isButton()) {
    await interaction.update({
      content: `pressed by ${interaction.user.username}`,
      components: [],
    });
  }
});

await client.login(process.env.DISCORD_TOKEN);
