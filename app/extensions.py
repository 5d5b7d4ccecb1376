"""The Flask extensions, built empty here and bound to an application in create_app."""

from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

db = SQLAlchemy(session_options={"expire_on_commit": False})
login_manager = LoginManager()
# A phone's address changes on the way to work. Sessions are rows of ours, which we can end.
login_manager.session_protection = None
csrf = CSRFProtect()
babel = Babel()
compress = Compress()
