/** The parts of Discord's payloads (API v10) that the page reads. Ids are snowflakes as strings. */

export interface User {
  id: string;
  username: string;
  global_name?: string | null;
  avatar?: string | null;
  bot?: boolean;
}
export interface Role {
  id: string;
  name: string;
  color: number;
  position: number;
  hoist?: boolean;
  mentionable?: boolean;
}
export interface Member {
  user: User;
  nick?: string | null;
  avatar?: string | null;
  roles: string[];
}
export interface Channel {
  id: string;
  type: number;
  name?: string | null;
  topic?: string | null;
  position?: number;
  parent_id?: string | null;
  user_limit?: number;
  owner_id?: string;
  thread_metadata?: { archived?: boolean; locked?: boolean };
  message_count?: number;
  /** The permissions the person has here, as a decimal bit set. */
  permissions?: string;
}
export interface VoiceState {
  user_id: string;
  channel_id: string | null;
  self_mute?: boolean;
  self_deaf?: boolean;
  mute?: boolean;
  deaf?: boolean;
}
export interface Guild {
  id: string;
  name: string;
  icon?: string | null;
  owner_id?: string;
  channels?: Channel[];
  threads?: Channel[];
  roles?: Role[];
  members?: Member[];
  voice_states?: VoiceState[];
  presences?: { user: { id: string }; status?: string }[];
  emojis?: Emoji[];
}
export interface Emoji {
  id?: string | null;
  name?: string | null;
  animated?: boolean;
}
export interface Media {
  url: string;
  proxy_url?: string;
  width?: number | null;
  height?: number | null;
  content_type?: string;
}
export interface Embed {
  type?: string;
  title?: string;
  description?: string;
  url?: string;
  color?: number | null;
  timestamp?: string;
  author?: { name: string; url?: string; icon_url?: string };
  footer?: { text: string; icon_url?: string };
  image?: Media;
  thumbnail?: Media;
  video?: Media;
  provider?: { name?: string };
  fields?: { name: string; value: string; inline?: boolean }[];
}
export interface Attachment extends Media {
  id: string;
  filename: string;
  title?: string;
  description?: string;
  size: number;
}
export interface Reaction {
  emoji: Emoji;
  count: number;
  me?: boolean;
}
/** A component of any type; which fields are set depends on `type` (Discord: Component Reference). */
export interface Component {
  type: number;
  id?: number;
  custom_id?: string;
  style?: number;
  label?: string;
  description?: string;
  emoji?: Emoji;
  url?: string;
  disabled?: boolean;
  components?: Component[];
  component?: Component;
  accessory?: Component;
  options?: SelectOption[];
  placeholder?: string;
  min_values?: number;
  max_values?: number;
  min_length?: number;
  max_length?: number;
  required?: boolean;
  value?: string;
  default?: boolean;
  channel_types?: number[];
  default_values?: { id: string; type: string }[];
  content?: string;
  media?: Media;
  items?: { media: Media; description?: string; spoiler?: boolean }[];
  file?: Media;
  name?: string;
  size?: number;
  spoiler?: boolean;
  divider?: boolean;
  spacing?: number;
  accent_color?: number | null;
}
export interface SelectOption {
  label: string;
  value: string;
  description?: string;
  emoji?: Emoji;
  default?: boolean;
}
export interface Poll {
  question: { text?: string };
  answers: { answer_id: number; poll_media: { text?: string; emoji?: Emoji } }[];
  expiry?: string | null;
  results?: { is_finalized: boolean; answer_counts: { id: number; count: number }[] };
}
export interface Message {
  id: string;
  channel_id: string;
  guild_id?: string;
  type: number;
  author: User;
  member?: Omit<Member, "user">;
  content: string;
  timestamp: string;
  edited_timestamp?: string | null;
  flags?: number;
  webhook_id?: string;
  application_id?: string;
  embeds?: Embed[];
  attachments?: Attachment[];
  components?: Component[];
  reactions?: Reaction[];
  mentions?: User[];
  mention_roles?: string[];
  mention_everyone?: boolean;
  pinned?: boolean;
  message_reference?: { message_id?: string; channel_id?: string };
  referenced_message?: Message | null;
  interaction?: { id: string; name: string; user: User };
  interaction_metadata?: { id: string; type?: number; name?: string; user?: User };
  thread?: Channel;
  poll?: Poll;
}
export interface CommandOption {
  type: number;
  name: string;
  name_localizations?: Record<string, string> | null;
  description: string;
  required?: boolean;
  choices?: Choice[];
  options?: CommandOption[];
  autocomplete?: boolean;
  min_value?: number;
  max_value?: number;
  min_length?: number;
  max_length?: number;
  channel_types?: number[];
}
export interface Choice {
  name: string;
  value: string | number;
}
export interface Application {
  id: string;
  name: string;
  icon?: string | null;
  bot?: User;
}
export interface Command {
  id: string;
  application_id: string;
  application?: Application;
  type: number;
  name: string;
  description: string;
  options?: CommandOption[];
  /** Where it is offered; everywhere when absent. */
  channel_ids?: string[];
}
/** One option as an interaction carries it. */
export interface OptionValue {
  name: string;
  type: number;
  value?: string | number | boolean;
  focused?: boolean;
  options?: OptionValue[];
}
export interface Modal {
  interaction_id: string;
  custom_id: string;
  title: string;
  components: Component[];
  application?: Application;
}
export interface DirectoryGuild {
  id: string;
  name: string;
  icon?: string | null;
  members: Member[];
}
export interface Hello {
  user: User;
  guild: Guild;
  commands: Command[];
}

export const ChannelType = { text: 0, voice: 2, category: 4, news: 5, stage: 13, forum: 15 } as const;
export const isThread = (channel: Channel): boolean => [10, 11, 12].includes(channel.type);
export const isVoice = (channel: Channel): boolean => channel.type === 2 || channel.type === 13;

/** Permission bits (Discord: Permissions). */
export const Permission = {
  manageMessages: 1n << 13n,
  sendMessages: 1n << 11n,
  createThreads: 1n << 35n,
  sendInThreads: 1n << 38n,
  attachFiles: 1n << 15n,
  connect: 1n << 20n,
} as const;

export const MessageFlag = { ephemeral: 1 << 6, loading: 1 << 7, componentsV2: 1 << 15 } as const;
export const hasFlag = (message: Message, flag: number): boolean => ((message.flags ?? 0) & flag) !== 0;
