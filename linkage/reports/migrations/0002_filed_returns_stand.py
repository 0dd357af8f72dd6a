"""What was filed is never changed: figures move only while a return is being filled in or was sent back."""

from django.db import migrations

STANDS = """
CREATE FUNCTION reports_return_stands() RETURNS trigger LANGUAGE plpgsql AS $stands$ BEGIN
IF ROW(OLD.register, OLD.own, OLD.below, OLD.silent, OLD.notes, OLD.units, OLD.units_in, OLD.shortfall)
    IS DISTINCT FROM
    ROW(NEW.register, NEW.own, NEW.below, NEW.silent, NEW.notes, NEW.units, NEW.units_in, NEW.shortfall) THEN
    RAISE EXCEPTION 'a filed return never changes' USING ERRCODE = 'check_violation';
END IF;
IF OLD.state = 'locked' AND NEW.state NOT IN ('locked', 'returned') THEN
    RAISE EXCEPTION 'a locked return is only reopened' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW; END $stands$;
CREATE TRIGGER reports_return_stands BEFORE UPDATE ON reports_return FOR EACH ROW
WHEN (OLD.state IN ('filed', 'received', 'locked')) EXECUTE FUNCTION reports_return_stands();
"""
FALLS = "DROP TRIGGER reports_return_stands ON reports_return; DROP FUNCTION reports_return_stands();"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_returns")]
    operations = [migrations.RunSQL(STANDS, FALLS)]
