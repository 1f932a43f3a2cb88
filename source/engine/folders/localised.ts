// What mail programs call the folders of a mailbox, by language. Exchange names them in the language of the
// mailbox and flags only Drafts, Sent, Trash and Junk; the others are known by name alone.
// How they are known: Danish from a mailbox in a public log (github.com/Foundry376/Mailspring/issues/1983); German and
// French also from Microsoft's own translated documentation ("Aufgezeichnete Unterhaltungen", "Problèmes de
// synchronisation"); the others are what Outlook and Exchange are seen to call them, and were not tried against a
// mailbox in each language. A name too many costs little: what stays behind is named, and can be switched on.
// Rows: en de fr es it nl | pt pt-BR ca gl | da sv nb nn is fi et lv lt | pl cs sk sl hr sr hu ro bg |
// ru uk | tr el | ja zh-Hans zh-Hant ko | he ar fa | hi th vi id ms | names of other mail programs.

export type FolderRole =
  | 'trash'
  | 'junk'
  | 'sent'
  | 'drafts'
  | 'archive'
  | 'calendar'
  | 'contacts'
  | 'tasks'
  | 'notes'
  | 'journal'
  | 'outbox'
  | 'conversations'
  | 'sync'
  | 'feeds'
  | 'files';

const names: Readonly<Record<FolderRole, string>> = {
  trash: `
    Deleted Items | Deleted | Gelöschte Elemente | Gelöschte Objekte | Éléments supprimés | Elementos eliminados | Posta eliminata | Elementi eliminati | Verwijderde items
    Itens Eliminados | Itens Excluídos | Elements suprimits | Elementos eliminados
    Slettet post | Slettede elementer | Borttaget | Borttagna objekt | Slettede elementer | Sletta element | Eydd atriði | Poistetut | Poistetut kohteet | Kustutatud üksused | Izdzēstie vienumi | Dzēstie vienumi | Naikinti elementai | Panaikinti elementai
    Elementy usunięte | Odstraněná pošta | Odstranená pošta | Odstránené položky | Izbrisano | Izbrisani elementi | Izbrisane stavke | Obrisane stavke | Избрисане ставке | Törölt elemek | Elemente șterse | Elemente şterse | Изтрити елементи
    Удаленные | Удалённые | Видалені | Видалені елементи
    Silinmiş Öğeler | Διαγραμμένα | Διαγραμμένα στοιχεία
    削除済みアイテム | 已删除邮件 | 已删除项 | 刪除的郵件 | 已刪除的郵件 | 已刪除項目 | 지운 편지함 | 삭제된 항목
    פריטים שנמחקו | العناصر المحذوفة | موارد حذف شده
    हटाए गए आइटम | รายการที่ถูกลบ | รายการที่ลบ | Mục đã Xóa | Thư đã xóa | Item Terhapus | Item Dipadamkan
    Trash | Deleted Messages | Bin | Papierkorb | Corbeille | Papelera | Cestino | Prullenbak | Lixo | Lixeira | Papirkurv | Papirkorg | Papperskorgen | Roskakori | Kosz | Koš | Kôš | Kuka | Coș de gunoi | Корзина | Кошик | Çöp Kutusu | Çöp | Κάδος απορριμμάτων | ゴミ箱 | ごみ箱 | 回收站 | 垃圾桶 | 휴지통 | אשפה | المهملات | ถังขยะ | Thùng rác`,
  junk: `
    Junk Email | Junk E-mail | Junk Mail | Junk | Junk-E-Mail | Courrier indésirable | Correo no deseado | Posta indesiderata | Ongewenste e-mail | Ongewenste email
    Correio Electrónico Não Solicitado | E-mail de Lixo | Email de Lixo | Lixo Eletrônico | Lixo Electrónico | Correu brossa | Correo lixo
    Uønsket mail | Uønsket e-mail | Uønsket post | Skräppost | Uønsket e-post | Søppelpost | Useriøs e-post | Uønskt e-post | Ruslpóstur | Roskaposti | Rämpspost | Nevēlamais e-pasts | Mēstules | Nepageidaujamas el. paštas | Nepageidaujami laiškai
    Wiadomości-śmieci | Wiadomości śmieci | Nevyžádaná pošta | Nevyžiadaná pošta | Neželena e-pošta | Neželena pošta | Bezvrijedna e-pošta | Neželjena pošta | Bezvredna e-pošta | Нежељена пошта | Levélszemét | Mesaje nedorite | E-mail nedorit | Нежелана поща | Нежелана електронна поща
    Нежелательная почта | Небажана пошта | Небажана електронна пошта
    Gereksiz E-posta | Önemsiz E-posta | Önemsiz | Ανεπιθύμητη αλληλογραφία | Ανεπιθύμητα
    迷惑メール | 垃圾邮件 | 垃圾郵件 | 垃圾電子郵件 | 정크 메일
    דואר זבל | البريد الإلكتروني غير الهام | البريد غير الهام | بريد إلكتروني غير هام | هرزنامه
    जंक ई-मेल | अवांछित ईमेल | อีเมลขยะ | จดหมายขยะ | Email Rác | Thư rác | Email Sampah | E-mel Remeh
    Spam | Spam Mail | Bulk Mail | Spamverdacht | Спам | 스팸 | 스팸메일함`,
  sent: `
    Sent Items | Sent | Gesendete Elemente | Gesendete Objekte | Éléments envoyés | Elementos enviados | Posta inviata | Elementi inviati | Verzonden items
    Itens Enviados | Elements enviats
    Sendt post | Sendte elementer | Skickat | Skickade objekt | Sendte elementer | Sende element | Sendir hlutir | Lähetetyt | Lähetetyt viestit | Saadetud üksused | Nosūtītie vienumi | Išsiųsti elementai
    Elementy wysłane | Odeslaná pošta | Odoslaná pošta | Odoslané položky | Poslano | Poslani elementi | Poslane stavke | Послате ставке | Elküldött elemek | Elemente trimise | Изпратени елементи
    Отправленные | Надіслані | Надіслані елементи
    Gönderilmiş Öğeler | Gönderilen Öğeler | Απεσταλμένα | Απεσταλμένα στοιχεία
    送信済みアイテム | 已发送邮件 | 已发送 | 寄件備份 | 已傳送的郵件 | 보낸 편지함
    פריטים שנשלחו | العناصر المرسلة | موارد ارسال شده
    भेजे गए आइटम | รายการที่ถูกส่ง | รายการที่ส่ง | Mục đã Gửi | Thư đã gửi | Item Terkirim | Item Dihantar
    Sent Mail | Sent Messages | Gesendet | Envoyés | Messages envoyés | Enviados | Inviata | Inviati | Verzonden | Enviadas | Sendt | Skickade | Wysłane | Odeslané | Odoslané | Elküldött | Trimise | Gönderilenler | Gönderilmiş | 送信済み | 送信済みメール | 已傳送 | 보낸 메일함 | נשלחו | ההודעות שנשלחו | الرسائل المرسلة`,
  drafts: `
    Drafts | Draft | Entwürfe | Brouillons | Borradores | Bozze | Concepten
    Rascunhos | Esborranys | Borradores
    Kladder | Utkast | Kladd | Drög | Luonnokset | Mustandid | Melnraksti | Juodraščiai
    Kopie robocze | Wersje robocze | Szkice | Koncepty | Rozepsané | Osnutki | Skice | Radne verzije | Nedovršeno | Piszkozatok | Schițe | Ciorne | Чернови
    Черновики | Чернетки
    Taslaklar | Πρόχειρα
    下書き | 草稿 | 草稿箱 | 임시 보관함 | 임시보관함
    טיוטות | مسودات | المسودات | پیش‌نویس‌ها
    ड्राफ़्ट | ड्राफ्ट | แบบร่าง | ร่างจดหมาย | ร่าง | Thư nháp | Bản thảo | Bản nháp | Draf | Konsep`,
  archive: `
    Archive | Archives | Archiv | Archivo | Archivos | Archivio | Archief
    Arquivo | Arquivo Morto | Arquivo-morto | Arxiu
    Arkiv | Arkivet | Geymsla | Arkisto | Arhiiv | Arhīvs | Archyvas
    Archiwum | Archív | Arhiv | Arhiva | Архива | Archívum | Arhivă | Архив
    Архів
    Arşiv | Αρχείο | Αρχειοθήκη | Αρχειοθέτηση
    アーカイブ | 存档 | 归档 | 封存 | 보관 | 보관함 | 보관 편지함
    ארכיון | أرشيف | الأرشيف | بایگانی
    संग्रह | ที่เก็บถาวร | เก็บถาวร | Lưu trữ | Arsip | Arkib`,
  calendar: `
    Calendar | Kalender | Calendrier | Calendario | Agenda
    Calendário | Calendari
    Almanakka | Kalenteri | Kalendārs | Kalendorius | Kalendrar | Dagatal
    Kalendarz | Kalendář | Kalendár | Koledar | Kalendar | Календар | Naptár | Calendar
    Календарь
    Takvim | Ημερολόγιο
    予定表 | カレンダー | 日历 | 行事曆 | 日曆 | 일정 | 캘린더
    לוח שנה | يومية | التقويم | تقويم | تقویم
    कैलेंडर | ปฏิทิน | Lịch | Kalender`,
  contacts: `
    Contacts | Kontakte | Contacts | Contactos | Contatti | Contactpersonen | Contacten
    Contatos | Contactes | Contactos
    Kontakter | Kontaktpersoner | Kontaktpersonar | Tengiliðir | Yhteystiedot | Kontaktid | Kontaktpersonas | Kontaktai | Adresaatai | Adresatai
    Kontakty | Stiki | Kontakti | Контакти | Névjegyek | Névjegyalbum | Persoane de contact | Contacte
    Контакты
    Kişiler | Επαφές
    連絡先 | 联系人 | 連絡人 | 聯絡人 | 연락처
    אנשי קשר | جهات الاتصال | جهات اتصال | مخاطبین
    संपर्क | ที่ติดต่อ | ผู้ติดต่อ | Liên hệ | Danh bạ | Kontak | Kenalan`,
  tasks: `
    Tasks | Aufgaben | Tâches | Tareas | Attività | Taken
    Tarefas | Tasques
    Opgaver | Uppgifter | Oppgaver | Oppgåver | Verk | Verkefni | Tehtävät | Ülesanded | Uzdevumi | Užduotys
    Zadania | Úkoly | Úlohy | Opravila | Zadaci | Задаци | Feladatok | Activități | Activităţi | Sarcini | Задачи
    Завдання
    Görevler | Εργασίες
    タスク | 仕事 | 任务 | 工作 | 任務 | 작업
    משימות | المهام | مهام | کارها
    कार्य | งาน | Nhiệm vụ | Tác vụ | Tugas`,
  notes: `
    Notes | Notizen | Notas | Note | Notities
    Anotações | Notes
    Noter | Anteckningar | Notater | Notat | Minnispunktar | Athugasemdir | Muistiinpanot | Muistilaput | Märkmed | Piezīmes | Pastabos | Užrašai
    Notatki | Poznámky | Opombe | Beležke | Zabeleške | Bilješke | Beleške | Белешке | Feljegyzések | Jegyzetek | Note | Бележки
    Заметки | Нотатки
    Notlar | Σημειώσεις
    メモ | 便笺 | 笔记 | 附註 | 記事 | 메모
    פתקים | הערות | الملاحظات | ملاحظات | یادداشت‌ها
    नोट्स | บันทึกย่อ | บันทึก | Ghi chú | Catatan | Nota`,
  journal: `
    Journal | Diario | Logboek | Dagboek
    Diário | Registo | Registro | Diari
    Dagbók | Dagbok | Päiväkirja | Žurnāls | Žurnalas | Päevik
    Dziennik | Deník | Denník | Dnevnik | Дневник | Napló | Jurnal
    Журнал | Щоденник
    Günlük | Ημερολόγιο καταγραφής | Χρονικό
    履歴 | ジャーナル | 日记 | 日誌 | 日志 | 업무 일지
    יומן | دفتر اليومية | الدفتر اليومي | دفتر روزانه
    जर्नल | สมุดบันทึก | Nhật ký | Jurnal`,
  outbox: `
    Outbox | Postausgang | Boîte d'envoi | Boîte d’envoi | Bandeja de salida | Posta in uscita | Postvak UIT
    A Enviar | Caixa de Saída | Caixa de saida | Safata de sortida | Caixa de saída
    Udbakke | Utkorgen | Utkorg | Utboks | Útbox | Úthólf | Lähtevät | Väljundkaust | Izsūtne | Siunčiamieji | Siunčiamųjų aplankas
    Skrzynka nadawcza | Pošta k odeslání | Pošta na odoslanie | Odpošta | V pošiljanju | Izlazna pošta | Одлазна пошта | Otpremna pošta | Postázandó üzenetek | Kimenő | Ieșire | Mesaje de expediat | Изходящи
    Исходящие | Вихідні
    Giden Kutusu | Εξερχόμενα
    送信トレイ | 发件箱 | 寄件匣 | 보낼 편지함
    דואר יוצא | علبة الصادر | صندوق الصادر | صندوق خروجی
    आउटबॉक्स | กล่องจดหมายออก | ถาดออก | Hộp thư đi | Kotak Keluar | Peti Keluar`,
  conversations: `
    Conversation History | Aufgezeichnete Unterhaltungen | Unterhaltungsverlauf | Verlauf der Unterhaltung | Historique des conversations | Historique de conversation | Historial de conversaciones | Cronologia conversazioni | Gespreksgeschiedenis
    Histórico de Conversações | Histórico de Conversas | Histórico da conversa | Historial de converses
    Samtalehistorik | Samtaleoversigt | Konversationshistorik | Tidigare konversationer | Samtalelogg | Samtalehistorikk | Keskusteluhistoria | Vestluste ajalugu | Sarunu vēsture | Pokalbių retrospektyva | Pokalbių istorija
    Historia konwersacji | Historie konverzací | Historie konverzace | História konverzácií | Zgodovina pogovorov | Povijest razgovora | Istorija razgovora | Beszélgetés előzményei | Beszélgetési előzmények | Istoric conversații | Istoricul conversațiilor | Хронология на разговорите
    Журнал бесед | История бесед | Журнал розмов | Історія розмов
    Konuşma Geçmişi | Ιστορικό συνομιλιών | Ιστορικό συνομιλίας
    会話履歴 | 会話の履歴 | 对话历史记录 | 对话历史 | 交談記錄 | 對話記錄 | 대화 내용 | 대화 기록
    היסטוריית שיחות | محفوظات المحادثات | محفوظات المحادثة | سجل المحادثات
    वार्तालाप इतिहास | ประวัติการสนทนา | Lịch sử Hội thoại | Lịch sử cuộc hội thoại | Riwayat Percakapan`,
  sync: `
    Sync Issues | Synchronisierungsprobleme | Problèmes de synchronisation | Problemas de sincronización | Problemi di sincronizzazione | Synchronisatieproblemen
    Problemas de Sincronização | Problemes de sincronització
    Synkroniseringsproblemer | Synkroniseringsproblem | Synkroniseringsfel | Synkronointiongelmat | Sünkroonimisprobleemid | Sinhronizēšanas problēmas | Sinchronizavimo problemos | Sinchronizavimo triktys
    Problemy z synchronizacją | Problemy synchronizacji | Problémy se synchronizací | Problémy synchronizace | Problémy so synchronizáciou | Problémy synchronizácie | Težave s sinhronizacijo | Problemi sa sinkronizacijom | Problemi sa sinhronizacijom | Szinkronizálási problémák | Szinkronizációs hibák | Szinkronizálási hibák | Probleme de sincronizare | Probleme sincronizare | Проблеми при синхронизиране
    Ошибки синхронизации | Проблемы синхронизации | Помилки синхронізації | Проблеми синхронізації
    Eşitleme Sorunları | Eşitleme Hataları | Προβλήματα συγχρονισμού | Θέματα συγχρονισμού | Ζητήματα συγχρονισμού
    同期の失敗 | 同期の問題 | 同步问题 | 同步處理問題 | 同步問題 | 동기화 문제
    בעיות סינכרון | מהות הבעיות בסינכרון | مشكلات المزامنة | مشاكل المزامنة | أخطاء المزامنة
    समन्वयन समस्याएँ | ปัญหาการซิงค์ | ปัญหาการทำข้อมูลให้ตรงกัน | Vấn đề Đồng bộ hóa | Sự cố đồng bộ hóa | Masalah Sinkronisasi`,
  feeds: `
    RSS Feeds | RSS Subscriptions | RSS-Feeds | RSS-Abonnements | Flux RSS | Fuentes RSS | Suscripciones a RSS | Suscripciones RSS | Feed RSS | Sottoscrizioni RSS | RSS-feeds | RSS-abonnementen
    Feeds RSS | Subscrições RSS | Assinaturas RSS | RSS Feeds
    RSS-kilder | RSS-abonnementer | RSS-feeds | RSS-flöden | RSS-prenumerationer | RSS-syötteet | RSS-tilaukset | RSS-kanalid | RSS plūsmas | RSS informacijos santraukos | RSS kanalai
    Źródła danych RSS | Źródła RSS | Subskrypcje RSS | Informační kanály RSS | Kanály RSS | RSS kanály | Informačné kanály RSS | Viri RSS | RSS sažeci sadržaja | RSS sažetci sadržaja | RSS feedovi | RSS-hírcsatornák | RSS-csatornák | Fluxuri RSS | RSS емисии | RSS канали
    RSS-каналы | Каналы RSS | RSS-канали | Канали RSS
    RSS Akışları | RSS Abonelikleri | Τροφοδοσίες RSS | Συνδρομές RSS
    RSS フィード | RSS 订阅 | RSS 源 | RSS 摘要 | RSS 摘要訂閱 | RSS 피드
    עדכוני RSS | הזנות RSS | موجز ويب لـ RSS | موجزات RSS | مصادر RSS
    RSS फ़ीड्स | ตัวดึงข้อมูล RSS | Nguồn cấp RSS | Nguồn cấp dữ liệu RSS | Umpan RSS`,
  files: `Files`,
};

/** A name as it is compared: NFKC, without case, direction marks, doubled blanks or typographic apostrophes. */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u2010-\u2013]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .normalize('NFKC')
    .replace(/i\u0307/g, 'i');
}

const roleNames = new Map<FolderRole, ReadonlySet<string>>();
for (const [role, text] of Object.entries(names) as [FolderRole, string][])
  roleNames.set(role, new Set(text.split(/[|\n]/).map(foldName)));

/** Whether a name means that role in some language. */
export function isRoleName(name: string, role: FolderRole): boolean {
  const folded = foldName(name);
  return folded !== '' && roleNames.get(role)?.has(folded) === true;
}
