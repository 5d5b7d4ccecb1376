"""What do the page's scripts say, in the reader's language? Every page carries these sentences as data."""

from flask_babel import gettext as _


def words() -> dict[str, str]:
    """The sentences by the keys that `app/static/js` knows; the scripts fill in the `%(name)s` parts.

    `…_one` and `…_many` are the same sentence for one and for several.
    """
    return {
        **_visits(),
        **_hours(),
        **_versions(),
        **_sums(),
        **_outbox(),
        **_outbox_items(),
        **_network(),
        **_session_and_passkeys(),
        **_leaving(),
    }


def _visits() -> dict[str, str]:
    return {
        "since": _("since %(time)s"),
        "checked_in_now": _("You are checked in for %(name)s since %(time)s."),
        "just_now": _("Just now"),
        "stretch": _("%(hours)s h %(minutes)s min"),
        "stretch_minutes": _("%(minutes)s min"),
        "account_of": _("For %(name)s"),
        "program_ihss": _("IHSS"),
        "program_wpcs": _("WPCS"),
        "name_and_program": _("%(name)s (%(program)s)"),
        "saved_on_phone": _("Saved on this phone, %(time)s."),
        "received": _("Received, receipt %(receipt)s."),
        "refused": _(
            "The portal could not take this. Please call your county if you do not know why."
        ),
        "cannot_keep_sending": _("This phone cannot keep it. Sending it to the portal now…"),
        "phone_full_sending": _("This phone is full and cannot keep it. Sending it now…"),
        "not_saved": _(
            "Not saved. This phone cannot keep it, and the portal did not answer. "
            "Write down %(time)s. Later you can write it on your timesheet."
        ),
        "not_saved_full": _(
            "Not saved. This phone is full, and the portal did not answer. "
            "Free some space and tap again. Or write down %(time)s for your timesheet."
        ),
        "undone": _("Undone. You are not checked in."),
        "undo_not_saved": _("Not undone. This phone could not save it. Please try again."),
        "place_looking": _("Looking for where you are. You need not wait."),
        "place_noted": _("Your place was noted."),
        "place_denied": _("This phone does not share its place. Your tap counts all the same."),
        "place_unavailable": _(
            "This phone could not find its place. Your tap counts all the same."
        ),
        "place_timeout": _("Finding the place took too long. Your tap counts all the same."),
    }


def _hours() -> dict[str, str]:
    return {
        "HOURS_NOT_A_NUMBER": _("Write hours and minutes like 7:30."),
        "HOURS_NEGATIVE": _("Hours cannot be less than 0:00. Write them like 7:30."),
        "HOURS_OUT_OF_RANGE": _("A day has 24 hours. Write 24:00 or less."),
        "MINUTES_OUT_OF_RANGE": _("An hour has 60 minutes. Write 0 to 59 after the colon."),
        "DECIMAL_HOURS": _(
            "Did you mean %(meant)s? Write hours and minutes with a colon, like 7:30."
        ),
        "OTHER_DIGITS": _("Did you mean %(meant)s? Please use the digits 0 to 9."),
        "day_on_phone": _("Saved on this phone."),
        "day_on_portal": _("Saved on the portal, %(time)s."),
        "day_not_saved": _(
            "Not saved. This phone cannot keep it, and the portal did not answer. "
            "Leave this page open, and press Save when you are online."
        ),
        "day_conflict": _("This day was changed in two places. Choose which one is right."),
        "day_theirs": _("You took the other version. %(version)s"),
        "times_and_place": _("Times and place"),
        "day_times": _("%(starts)s – %(ends)s"),
        "day_starts": _("from %(starts)s"),
        "place_name_home": _("Home"),
        "place_name_community": _("Community"),
        "place_name_both": _("Both"),
    }


def _versions() -> dict[str, str]:
    return {
        "mine": _("Mine: %(version)s"),
        "theirs": _("The other: %(version)s"),
        "version_no_hours": _("No hours."),
        "version_hours": _("%(hours)s hours."),
        "version_times": _("From %(starts)s to %(ends)s."),
        "version_starts": _("From %(starts)s."),
        "version_home": _("At home."),
        "version_community": _("In the community."),
        "version_both": _("At home and in the community."),
    }


def _sums() -> dict[str, str]:
    return {
        "sheet_title": _("Timesheet for %(name)s, %(period)s"),
        "week_title": _("Week of %(day)s"),
        "week_left": _("%(worked)s of %(limit)s this week. %(left)s left."),
        "week_over": _("%(over)s over the limit of %(limit)s this week."),
        "week_over_all": _("%(over)s over your own limit this week, for all recipients together."),
    }


def _outbox() -> dict[str, str]:
    return {
        "all_received": _("Everything is saved and received."),
        "all_received_at": _("Everything is saved and received, %(time)s."),
        "waiting_check_in_one": _("1 check-in is saved on this phone."),
        "waiting_check_in_many": _("%(count)s check-ins are saved on this phone."),
        "waiting_check_out_one": _("1 check-out is saved on this phone."),
        "waiting_check_out_many": _("%(count)s check-outs are saved on this phone."),
        "waiting_day_one": _("1 day is saved on this phone."),
        "waiting_day_many": _("%(count)s days are saved on this phone."),
        "waiting_item_one": _("1 thing is saved on this phone."),
        "waiting_item_many": _("%(count)s things are saved on this phone."),
        "sending_check_in_one": _("Sending 1 check-in…"),
        "sending_check_in_many": _("Sending %(count)s check-ins…"),
        "sending_check_out_one": _("Sending 1 check-out…"),
        "sending_check_out_many": _("Sending %(count)s check-outs…"),
        "sending_day_one": _("Sending 1 day…"),
        "sending_day_many": _("Sending %(count)s days…"),
        "sending_item_one": _("Sending 1 thing…"),
        "sending_item_many": _("Sending %(count)s things…"),
        "will_be_sent_soon": _("It will be sent soon."),
        "will_be_sent_online": _("It will be sent when you are online."),
        "needs_you_one": _("1 change needs you."),
        "needs_you_many": _("%(count)s changes need you."),
        "others_wait_one": _("1 thing of another person waits here until they sign in."),
        "others_wait_many": _("%(count)s things of other people wait here until they sign in."),
        "phone_keeps_nothing": _(
            "This phone cannot keep anything. What you tap or type is sent at once, and only while you are online."
        ),
        "phone_lost": _(
            "Your browser has deleted what was saved here. "
            "If you tapped without a network, look at your hours."
        ),
        "sign_in_check_in_one": _("Sign in to send 1 check-in"),
        "sign_in_check_in_many": _("Sign in to send %(count)s check-ins"),
        "sign_in_check_out_one": _("Sign in to send 1 check-out"),
        "sign_in_check_out_many": _("Sign in to send %(count)s check-outs"),
        "sign_in_day_one": _("Sign in to send 1 day"),
        "sign_in_day_many": _("Sign in to send %(count)s days"),
        "sign_in_item_one": _("Sign in to send 1 thing"),
        "sign_in_item_many": _("Sign in to send %(count)s things"),
    }


def _outbox_items() -> dict[str, str]:
    return {
        "item_check_in": _("Check-in, %(day)s, %(time)s"),
        "item_check_in_for": _("Check-in for %(name)s, %(day)s, %(time)s"),
        "item_check_out": _("Check-out, %(day)s, %(time)s"),
        "item_check_out_for": _("Check-out for %(name)s, %(day)s, %(time)s"),
        "item_undo": _("Undo of a check-in, %(day)s, %(time)s"),
        "item_position": _("The place of a check-in or check-out, %(day)s, %(time)s"),
        "item_day": _("Hours of %(day)s"),
        "item_saved": _("Saved on this phone. Waits to be sent."),
        "item_sending": _("Being sent…"),
        "item_received": _("Received %(day)s, %(time)s. Receipt %(receipt)s."),
        "item_unreadable": _("Something that this phone can no longer read"),
        "item_unreadable_reason": _("It stays here. Please call the service desk."),
    }


def _network() -> dict[str, str]:
    return {
        "needs_network": _(
            "This needs the network. Nothing is lost: try again when you are online."
        ),
        "send_first": _(
            "Something on this phone is not sent yet. Wait until it is, and then try again."
        ),
        "choose_first": _("A day was changed in two places. Choose which one is right first."),
    }


def _session_and_passkeys() -> dict[str, str]:
    return {
        "session_left_one": _("You will be signed out in 1 minute."),
        "session_left_many": _("You will be signed out in %(count)s minutes."),
        "session_ended": _("You were signed out. What you typed is still here. Sign in to go on."),
        "passkey_not_given": _("No passkey was used. Try again, or sign in another way."),
        "passkey_known_already": _("This phone already has a passkey for you."),
        "passkey_sign_in_failed": _("The passkey did not work. Try again, or sign in another way."),
        "passkey_enrolment_failed": _("The passkey was not added. Please try again."),
    }


def _leaving() -> dict[str, str]:
    return {
        "leave_waits_one": _("1 thing on this phone is not sent yet. If you go on, it is lost."),
        "leave_waits_many": _(
            "%(count)s things on this phone are not sent yet. If you go on, they are lost."
        ),
        "leave_unsent": _(
            "Go where there is a signal and try again, so that it can be sent. "
            "Or tick the box to throw it away."
        ),
        "leave_failed": _("The portal could not do this. Load the page again, and try once more."),
        "leave_not_wiped": _(
            "You are signed out. But this phone could not be wiped. "
            "Clear the data of this site in your browser."
        ),
    }
