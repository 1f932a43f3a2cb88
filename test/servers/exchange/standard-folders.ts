// The folders every Exchange mailbox has, in the language of the mailbox.
import type {FolderKind} from './store.ts';

const languages = {
  en: 'Drafts|Sent Items|Deleted Items|Junk Email|Archive|Outbox|Notes|Journal|Tasks|Calendar|Birthdays|Contacts|Conversation History|RSS Feeds|Sync Issues|Conflicts|Local Failures|Server Failures',
  de: 'Entwürfe|Gesendete Elemente|Gelöschte Elemente|Junk-E-Mail|Archiv|Postausgang|Notizen|Journal|Aufgaben|Kalender|Geburtstage|Kontakte|Aufgezeichnete Unterhaltungen|RSS-Feeds|Synchronisierungsprobleme|Konflikte|Lokale Fehler|Serverfehler',
  fr: 'Brouillons|Éléments envoyés|Éléments supprimés|Courrier indésirable|Archive|Boîte d’envoi|Notes|Journal|Tâches|Calendrier|Anniversaires|Contacts|Historique des conversations|Flux RSS|Problèmes de synchronisation|Conflits|Défaillances locales|Défaillances du serveur',
  es: 'Borradores|Elementos enviados|Elementos eliminados|Correo no deseado|Archivo|Bandeja de salida|Notas|Diario|Tareas|Calendario|Cumpleaños|Contactos|Historial de conversaciones|Fuentes RSS|Problemas de sincronización|Conflictos|Errores locales|Errores del servidor',
  it: 'Bozze|Posta inviata|Posta eliminata|Posta indesiderata|Archivio|Posta in uscita|Note|Diario|Attività|Calendario|Compleanni|Contatti|Cronologia conversazioni|Feed RSS|Problemi di sincronizzazione|Conflitti|Errori locali|Errori del server',
  nl: 'Concepten|Verzonden items|Verwijderde items|Ongewenste e-mail|Archief|Postvak UIT|Notities|Logboek|Taken|Agenda|Verjaardagen|Contactpersonen|Gespreksgeschiedenis|RSS-feeds|Synchronisatieproblemen|Conflicten|Lokale fouten|Serverfouten',
  da: 'Kladder|Sendt post|Slettet post|Uønsket mail|Arkiv|Udbakke|Noter|Journal|Opgaver|Kalender|Fødselsdage|Kontakter|Samtalehistorik|RSS-kilder|Synkroniseringsproblemer|Konflikter|Lokale fejl|Serverfejl',
  sv: 'Utkast|Skickat|Borttaget|Skräppost|Arkiv|Utkorgen|Anteckningar|Journal|Uppgifter|Kalender|Födelsedagar|Kontakter|Tidigare konversationer|RSS-flöden|Synkroniseringsproblem|Konflikter|Lokala fel|Serverfel',
  pl: 'Kopie robocze|Elementy wysłane|Elementy usunięte|Wiadomości-śmieci|Archiwum|Skrzynka nadawcza|Notatki|Dziennik|Zadania|Kalendarz|Urodziny|Kontakty|Historia konwersacji|Źródła danych RSS|Problemy z synchronizacją|Konflikty|Błędy lokalne|Błędy serwera',
  'pt-BR':
    'Rascunhos|Itens Enviados|Itens Excluídos|Lixo Eletrônico|Arquivo Morto|Caixa de Saída|Anotações|Diário|Tarefas|Calendário|Aniversários|Contatos|Histórico da conversa|RSS Feeds|Problemas de Sincronização|Conflitos|Falhas Locais|Falhas do Servidor',
  ru: 'Черновики|Отправленные|Удаленные|Нежелательная почта|Архив|Исходящие|Заметки|Журнал|Задачи|Календарь|Дни рождения|Контакты|Журнал бесед|RSS-каналы|Ошибки синхронизации|Конфликты|Локальные ошибки|Ошибки сервера',
  ja: '下書き|送信済みアイテム|削除済みアイテム|迷惑メール|アーカイブ|送信トレイ|メモ|履歴|タスク|予定表|誕生日|連絡先|会話の履歴|RSS フィード|同期の失敗|競合|ローカルの失敗|サーバーの失敗',
} as const;

export type Language = keyof typeof languages;
export const languageNames = Object.keys(languages) as Language[];

export type StandardFolder = FolderKind & {readonly path: readonly string[]};

/** INBOX first; Archive has no flag, the non-mail folders have none either. */
export function standardFolders(language: Language): StandardFolder[] {
  const [drafts, sent, trash, junk, archive, ...others] = languages[language].split('|');
  const [outbox, notes, journal, tasks, calendar, birthdays, contacts, conversations, feeds, ...sync] =
    others;
  const [issues = '', ...failures] = sync;
  const notMail = [
    [outbox],
    [notes],
    [journal],
    [tasks],
    [calendar],
    [calendar, birthdays],
    [contacts],
    [conversations],
    [feeds],
    [issues],
    ...failures.map(failure => [issues, failure]),
  ];
  return [
    {path: ['INBOX']},
    {path: [drafts ?? ''], specialUse: '\\Drafts'},
    {path: [sent ?? ''], specialUse: '\\Sent'},
    {path: [trash ?? ''], specialUse: '\\Trash'},
    {path: [junk ?? ''], specialUse: '\\Junk'},
    {path: [archive ?? '']},
    ...notMail.map(path => ({path: path.map(name => name ?? ''), mail: false})),
  ];
}
