//! Why things about people are kept, with what right, and for how long.

use super::field::{Handling, Retention};

const PUBLIC_TASK: &str =
    "task in the public interest, or legitimate interest of the organiser (GDPR Art. 6(1)(e), (f))";

pub(super) const IDENTITY: Handling = Handling {
    purpose: "to know who takes part, speaks and decides, and on whose behalf",
    basis: PUBLIC_TASK,
    retention: Retention::UntilErased,
};

pub(super) const PROTECTION: Handling = Handling {
    purpose: "to show people who are at risk by their function only",
    basis: "protection of the person (GDPR Art. 6(1)(d), (e))",
    retention: Retention::UntilErased,
};

pub(super) const CONTACT: Handling = Handling {
    purpose: "to write to the person about the meetings they take part in",
    basis: PUBLIC_TASK,
    retention: Retention::AfterLastMeeting,
};

pub(super) const OFFICE: Handling = Handling {
    purpose: "to record who held which office, represented whom and wrote what",
    basis: "task in the public interest and archiving (GDPR Art. 6(1)(e), 89)",
    retention: Retention::UntilErased,
};

pub(super) const MOVEMENT: Handling = Handling {
    purpose: "to let in who may come in, to know who is inside, and to settle afterwards what happened at a door",
    basis: PUBLIC_TASK,
    retention: Retention::AfterEvent,
};

pub(super) const BADGE: Handling = Handling {
    purpose: "to recognise a badge without keeping what its code says",
    basis: "security of processing (GDPR Art. 32)",
    retention: Retention::UntilErased,
};

pub(super) const TRAVEL: Handling = Handling {
    purpose: "to meet delegates and to plan for their presence",
    basis: PUBLIC_TASK,
    retention: Retention::AfterEvent,
};

pub(super) const BUSY: Handling = Handling {
    purpose: "to read when somebody is busy from the calendar they named",
    basis: "consent of whoever names it, and need not (GDPR Art. 6(1)(a))",
    retention: Retention::AfterEvent,
};

pub(super) const CHOICE: Handling = Handling {
    purpose: "to show people what they asked to see, and to write to them as they wish",
    basis: "consent of the person, who need not choose anything (GDPR Art. 6(1)(a))",
    retention: Retention::UntilErased,
};

pub(super) const NEEDS: Handling = Handling {
    purpose: "to feed delegates and to let them take part, as far as they say what they need",
    basis: "explicit consent of the person, who need not say anything (GDPR Art. 9(2)(a))",
    retention: Retention::AfterEvent,
};

pub(super) const ACCOUNT: Handling = Handling {
    purpose: "to let people and their programs in, and nobody else",
    basis: PUBLIC_TASK,
    retention: Retention::AfterEnd,
};

pub(super) const SIGN_IN: Handling = Handling {
    purpose: "to recognise a browser that is signed in, and to show people their own sign-ins",
    basis: "security of processing (GDPR Art. 32)",
    retention: Retention::Expiry,
};

pub(super) const SECRET: Handling = Handling {
    purpose: "to recognise a secret without keeping it",
    basis: "security of processing (GDPR Art. 32)",
    retention: Retention::AfterEnd,
};

pub(super) const ATTEMPT: Handling = Handling {
    purpose: "to hold off guessing, and to finish a sign-in in the browser that began it",
    basis: "security of processing (GDPR Art. 32)",
    retention: Retention::Expiry,
};

pub(super) const AUDIT: Handling = Handling {
    purpose: "to be able to say who did what, and to prove it",
    basis: "accountability and security (GDPR Art. 5(2), 32)",
    retention: Retention::AuditLog,
};

pub(super) const REPEAT: Handling =
    Handling { purpose: "to finish what was begun, once", basis: PUBLIC_TASK, retention: Retention::Expiry };
